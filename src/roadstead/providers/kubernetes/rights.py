"""What a credential must be allowed to do in its namespace, asked of the cluster itself."""

from concurrent.futures import ThreadPoolExecutor
from itertools import product

from roadstead.core.problems import Problem
from roadstead.providers.kubernetes.client import Api
from roadstead.providers.kubernetes.problems import NAMESPACE_MISSING, NOT_AN_API, RIGHTS
from roadstead.runtimes.sdk import CredentialRefused, NotThere

Resource = tuple[str, str]

VERBS = ("create", "patch", "delete", "list")
RESOURCES: tuple[Resource, ...] = (
    ("", "secrets"),
    ("", "configmaps"),
    ("", "services"),
    ("", "persistentvolumeclaims"),
    ("apps", "deployments"),
    ("apps", "statefulsets"),
    ("apps", "daemonsets"),
    ("networking.k8s.io", "ingresses"),
)
_AT_ONCE = 8


def probe(api: Api, namespace: str) -> tuple[Problem, ...]:
    """Say what keeps releases from being made: no API server, missing rights, a namespace that can't be had."""
    try:
        version = api.get("/version")
    except NotThere:
        version = {}
    if "gitVersion" not in version:
        return (NOT_AN_API(server=api.server),)
    if _allowed(api, namespace, "*", ("*", "*")):
        return ()
    missing = _missing(api, namespace)
    if missing:
        return (RIGHTS(namespace=namespace, rights=", ".join(missing)),)
    return _namespace(api, namespace)


def _missing(api: Api, namespace: str) -> list[str]:
    asked = list(product(VERBS, RESOURCES))
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        answers = list(pool.map(lambda pair: _allowed(api, namespace, *pair), asked))
    return [f"{verb} {'.'.join(filter(None, reversed(resource)))}" for (verb, resource), yes in zip(asked, answers, strict=True) if not yes]


def _namespace(api: Api, namespace: str) -> tuple[Problem, ...]:
    """Say whether the namespace is there or may be made; who may not look is believed."""
    try:
        there = api.find(f"/api/v1/namespaces/{namespace}")
    except CredentialRefused:
        return ()
    if there is not None or _allowed(api, "", "create", ("", "namespaces")):
        return ()
    return (NAMESPACE_MISSING(where="zone", namespace=namespace),)


def _allowed(api: Api, namespace: str, verb: str, resource: Resource) -> bool:
    group, name = resource
    attributes = {"namespace": namespace, "verb": verb, "group": group, "resource": name}
    review = {"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview", "spec": {"resourceAttributes": attributes}}
    answer = api.call("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", body=review)
    return bool(answer.get("status", {}).get("allowed"))
