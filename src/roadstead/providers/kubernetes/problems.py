"""Everything that can be wrong with a kubeconfig, a cluster or a release, said once."""

from django.utils.translation import gettext_lazy as _

from roadstead.core.problems import problem_kind

SERVICE_ACCOUNT = """\
kubectl -n kube-system create serviceaccount roadstead
kubectl create clusterrolebinding roadstead --clusterrole=cluster-admin --serviceaccount=kube-system:roadstead
kubectl config view --minify --raw --flatten > roadstead.kubeconfig
export KUBECONFIG=roadstead.kubeconfig
kubectl config set-credentials roadstead --token="$(kubectl -n kube-system create token roadstead --duration=8760h)"
kubectl config set-context --current --user=roadstead
kubectl config view --minify --raw
"""
"""Commands that print a kubeconfig with a token of its own, for people whose kubeconfig runs a program (EKS, GKE, ACK)."""

# A pasted kubeconfig
TOO_LARGE = problem_kind(
    "kubeconfig_too_large", _("This kubeconfig is too large: %(size)s bytes, allowed are %(limit)s. Paste only one cluster's.")
)
NOT_YAML = problem_kind("kubeconfig_not_yaml", _("This isn't YAML that can be read: %(reason)s."))
TOO_COMPLEX = problem_kind("kubeconfig_too_complex", _("YAML aliases, several documents and deep nesting aren't accepted in a kubeconfig."))
DUPLICATE_KEY = problem_kind("kubeconfig_duplicate_key", _("“%(key)s” is given twice. Keep one of them."))
NOT_KUBECONFIG = problem_kind("kubeconfig_expected", _("This isn't a kubeconfig: it needs clusters, users and contexts."))
NO_CONTEXT = problem_kind("kubeconfig_no_context", _("The context “%(name)s” isn't there. Set current-context to one of the contexts."))
NO_CONTEXT_CHOSEN = problem_kind(
    "kubeconfig_no_context_chosen", _("There are several contexts or none. Name the one to use in current-context.")
)
NO_ENTRY = problem_kind("kubeconfig_no_entry", _("The context names “%(name)s”, which isn't among the %(list)s."))
EXEC = problem_kind(
    "kubeconfig_exec",
    _(
        "This kubeconfig signs in by running a program, which Roadstead never does. "
        "Make one with a service account's token instead:\n%(commands)s"
    ),
)
AUTH_PROVIDER = problem_kind(
    "kubeconfig_auth_provider",
    _("Sign-in plug-ins aren't run. Make a kubeconfig with a service account's token instead:\n%(commands)s"),
)
FILE_PATH = problem_kind(
    "kubeconfig_file_path",
    _(
        "This names a file on your machine, which Roadstead can't and won't read. "
        "This command puts its content in: kubectl config view --minify --raw --flatten"
    ),
)
PROXY = problem_kind("kubeconfig_proxy", _("A proxy isn't accepted here. Give an address that Roadstead can reach directly."))
INSECURE = problem_kind(
    "kubeconfig_insecure",
    _("The server's certificate is always checked. Remove insecure-skip-tls-verify and give certificate-authority-data."),
)
PASSWORD = problem_kind("kubeconfig_password", _("Kubernetes no longer accepts passwords. Use a token or a client certificate."))
UNSUPPORTED = problem_kind("kubeconfig_field_unsupported", _("“%(key)s” isn't supported here. Remove it."))
NOT_TEXT = problem_kind("kubeconfig_not_text", _("A text is expected here."))
NO_SERVER = problem_kind("kubeconfig_no_server", _("The cluster has no server address."))
SERVER_FORM = problem_kind(
    "kubeconfig_server_form", _("The server must be an address like https://host:6443, without user, query or fragment.")
)
SERVER_HTTP = problem_kind("kubeconfig_server_http", _("The server must be reached over https, not http."))
SERVER_FORBIDDEN = problem_kind(
    "kubeconfig_server_forbidden",
    _("“%(host)s” is a metadata or link-local address. Roadstead never connects to those."),
)
BAD_CERTIFICATE = problem_kind("kubeconfig_certificate", _("This isn't a base64-encoded PEM certificate."))
BAD_KEY = problem_kind("kubeconfig_key", _("This isn't a base64-encoded PEM private key without a passphrase."))
KEY_MISMATCH = problem_kind("kubeconfig_key_mismatch", _("The key doesn't belong to the client certificate."))
HALF_PAIR = problem_kind("kubeconfig_half_pair", _("A client certificate needs its key, and a key its certificate."))
BAD_TOKEN = problem_kind("kubeconfig_token", _("A token is one word of printable characters."))
NO_USER = problem_kind("kubeconfig_no_user", _("There is nothing to sign in with: give a token, or a client certificate with its key."))

# Reaching a cluster
UNREACHABLE = problem_kind(
    "cluster_unreachable", _("%(server)s can't be reached: %(reason)s. Check the address, and that Roadstead's machine may connect to it.")
)
NAME_UNKNOWN = problem_kind("cluster_name_unknown", _("The name %(host)s isn't known. Check the server's address for a slip."))
NO_ANSWER = problem_kind(
    "cluster_no_answer",
    _("%(server)s accepts connections but didn't answer within %(seconds)s s. Check that it's an API server and is well."),
)
BAD_TLS = problem_kind(
    "cluster_tls",
    _("The certificate of %(server)s isn't trusted: %(reason)s. Check certificate-authority-data and the name in the address."),
)
NO_TLS = problem_kind("cluster_no_tls", _("%(server)s doesn't speak TLS as an API server does. Check the port in the address."))
NOT_AN_API = problem_kind("cluster_not_an_api", _("%(server)s answers, but not as a Kubernetes API server."))
UNAUTHORIZED = problem_kind(
    "credential_refused", _("%(server)s doesn't accept this credential. It may have expired or been revoked: make a new one.")
)
FORBIDDEN = problem_kind("credential_forbidden", _("The credential doesn't allow this: %(reason)s."))
RIGHTS = problem_kind(
    "credential_rights",
    _("The credential lacks rights in the namespace %(namespace)s: %(rights)s. Grant them, for example by the role admin."),
)
SERVER_SAID_NO = problem_kind("cluster_refused", _("The cluster refused: %(reason)s."))
SERVER_TROUBLE = problem_kind("cluster_trouble", _("The cluster has trouble (status %(status)s): %(reason)s. Try again later."))

# Namespaces
NAMESPACE_NAME = problem_kind(
    "namespace_not_match_with_regex",
    _("A namespace has 1–63 lower-case letters, digits and hyphens, with a letter or digit at both ends."),
)
NAMESPACE_MISSING = problem_kind(
    "namespace_unavailable", _("The namespace %(namespace)s isn't there, and the credential may not create it. Create it first.")
)
NAMESPACE_TAKEN = problem_kind(
    "namespace_exists", _("The namespace %(namespace)s belongs to another environment already. Choose another namespace.")
)
NAMESPACE_ENDING = problem_kind(
    "namespace_ending", _("The namespace %(namespace)s is being deleted. Wait until it's gone, or choose another.")
)

# Releases
RELEASE_NAME = problem_kind(
    "release_name", _("A release name has 1–53 lower-case letters, digits and hyphens, with a letter or digit at both ends.")
)
RELEASE_TAKEN = problem_kind(
    "helm_release_exists",
    _(
        "There is a release %(name)s in the namespace %(namespace)s already that Roadstead didn't make for this instance. "
        "Choose another name."
    ),
)
RELEASE_MISSING = problem_kind("helm_release_missing", _("There is no release %(name)s in the namespace %(namespace)s."))
HELM_FAILED = problem_kind("helm_failed", _("Helm couldn't do it: %(reason)s"))
HELM_TIMEOUT = problem_kind("helm_timeout", _("Helm didn't finish within %(seconds)s s: %(reason)s"))
NOT_READY = problem_kind(
    "workloads_not_ready", _("Not everything got ready within %(seconds)s s: %(what)s. Look at the reasons of its pods.")
)
NOT_GONE = problem_kind(
    "objects_not_gone", _("These objects were still there after %(seconds)s s: %(what)s. Something holds them, such as a finalizer.")
)
INTERRUPTED = problem_kind("interrupted", _("Stopped on request."))
READ_FAILED = problem_kind("objects_unreadable", _("%(kind)s can't be shown: %(reason)s."))
POD_MISSING = problem_kind("pod_missing", _("The pod %(pod)s isn't there any more, or isn't one of this release."))
REVISION_MISSING = problem_kind(
    "helm_revision_missing", _("Revision %(revision)s of %(name)s isn't in the release's history any more, so there's no way back to it.")
)
