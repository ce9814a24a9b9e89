"""The pinned list of pages: every address that shows one, as the right person, in every state that looks different.

An address of `tests/isolation/rows.py` that can be read must stand here, or below with the reason why it is no page.
"""

from dataclasses import dataclass

from tests.journeys.pages.harbour import BUG


@dataclass(frozen=True)
class Page:
    """One page: where, about which thing, who looks, and what is done there first.

    `first` are steps: a selector is pressed, `selector := text` types, `forget` drops the cookie that forms are known by.
    `things` name ids of the world, `path` is an address without a name.
    """

    key: str
    name: str
    who: str = ""
    things: tuple[str, ...] = ()
    query: str = ""
    first: tuple[str, ...] = ()
    path: str = ""
    status: int = 200


NOT_PAGES = {
    "icon": "a picture",
    "store_deploy": "leads on to the deploy form",
    "home": "leads on to the first page of a role",
    "version_download": "a file",
    "review_package": "a file",
    "instance_activity": "a part of the instance's page",
    "instance_live": "a part of the instance's page",
    "instance_events": "a part of the instance's page",
}

_SEND = "form.rs-columns .btn-primary"
_YAML = ("button[value=yaml]", "button[value=yaml][aria-pressed=true]")
# The sections for the site and for storage.
_UNFOLDED = ("details.rs-section:nth-of-type(2) > summary", "details.rs-section:nth-of-type(5) > summary")

_STORE = (
    Page("store", "store_home"),
    Page("store-signed-in", "store_home", "user"),
    Page("store-popular", "store_home", query="?order=deployed"),
    Page("store-shelf", "store_home", query="?category=ctg-developer-tools"),
    Page("store-shelf-empty", "store_home", query="?category=ctg-security&q=wordpress"),
    Page("store-search", "store_home", query="?q=数据"),
    Page("store-search-empty", "store_home", query="?q=spreadsheet"),
    Page("offer", "store_app", things=("app_wordpress",)),
    Page("offer-user", "store_app", "user", ("app_bi",)),
    Page("offer-instructions", "store_app", things=("app_wordpress",), query="?tab=instructions"),
    Page("offer-versions", "store_app", things=("app_wordpress",), query="?tab=versions"),
    Page("offer-terms", "store_app", things=("app_wordpress",), query="?tab=terms"),
    Page("offer-lightbox", "store_app", things=("app_wordpress",), first=(".rs-shots > a",)),
    Page("offer-flag", "store_app", things=("app_tickets",)),
    Page("offer-long", "store_app", things=("app_long",)),
    Page("sign-in", "account_login"),
    Page("sign-in-refused", "account_login", first=("#id_login := nobody@example.com", "#id_password := wrong", "form .btn-lg"), status=0),
    Page("sign-out", "account_logout", "user"),
    Page("suspended", "account_inactive"),
    Page("api", "api_docs"),
    Page("nothing-here", "", path="/nowhere", status=404),
    Page("nothing-here-signed-in", "", "user", path="/nowhere", status=404),
    Page("not-permitted", "people", "user", status=403),
    Page("grown-old", "account_login", first=("forget", "#id_login := nobody@example.com", "#id_password := x", "form .btn-lg"), status=0),
    Page("grown-old-signed-in", "environment_edit", "user", ("place_shop",), first=("forget", "main form .btn-primary"), status=0),
    Page("broken-here", "instance_pod_log", "user", ("running", f"={BUG}"), status=500),
    Page("gone-from-store", "store_app", things=("app_none",), status=404),
)
_INSTANCES = (
    Page("search", "search", "global_admin", query="?q=wordpress"),
    Page("search-none", "search", "user", query="?q=spreadsheet"),
    Page("instances", "instances", "user"),
    Page("instances-filtered", "instances", "user", query="?status=suspended&q=nothing"),
    Page("instances-chosen", "instances", "user", query="?q=预发布&status=active", first=("tbody tr:first-child input[name=instance]",)),
    Page("instances-stop", "instances", "user", first=("tbody input[name=instance]", "button[data-pick=all]", "button[data-act=stop]")),
    Page(
        "instances-delete",
        "instances",
        "user",
        first=("tbody tr:last-child input[name=instance]", "tbody input[name=instance]", "button[data-act=delete]"),
    ),
    Page("instances-several", "instances_several", "user", query="?act=start&instance=cl-2222222222222222"),
    Page("instances-empty", "instances", "newcomer"),
    Page("instance-running", "instance", "user", ("running",)),
    Page("instance-workloads", "instance", "user", ("running",), "?tab=workloads"),
    Page("instance-objects", "instance", "user", ("running",), "?tab=objects"),
    Page("instance-events", "instance", "user", ("broken",), "?tab=events"),
    Page("instance-values", "instance", "user", ("running",), "?tab=values"),
    Page("instance-notes", "instance", "user", ("running",), "?tab=notes"),
    Page("instance-creating", "instance", "user", ("creating",)),
    Page("instance-cancel", "instance", "user", ("creating",), first=("[data-dialog=ask-cancel]",)),
    Page("instance-failed", "instance", "user", ("failed",)),
    Page("instance-broken", "instance", "user", ("broken",)),
    Page("instance-crashing", "instance", "user", ("broken",), "?tab=workloads"),
    Page("instance-stopped", "instance", "user", ("stopped",)),
    Page("instance-unknown", "instance", "user", ("unknown",)),
    Page("instance-deleted", "instance", "user", ("deleted",)),
    Page("instance-menu", "instance", "user", ("running",), first=(".rs-head .rs-menu > summary",)),
    Page("instance-delete", "instance", "user", ("running",), first=(".rs-head .rs-menu > summary", "[data-dialog=ask-delete]")),
    Page("update", "instance_update", "user", ("running",)),
    Page("update-compared", "instance_update", "user", ("running",), first=(*_YAML, "#id_values := replicaCount: 3", _SEND)),
    Page(
        "update-refused",
        "instance_update",
        "user",
        ("running",),
        first=(*_YAML, "#id_values := replicaCount: many", _SEND),
        status=0,
    ),
    Page("upgrade", "instance_upgrade", "user", ("running",)),
    Page("upgrade-compared", "instance_upgrade", "user", ("running",), first=(_SEND,)),
    Page("upgrade-none", "instance_upgrade", "user", ("broken",)),
    Page("rollback", "instance_rollback", "user", ("running",)),
    Page("rollback-compared", "instance_rollback", "user", ("running",), "?revision=2"),
    Page("rollback-silent", "instance_rollback", "user", ("unknown",)),
    Page("pod-log", "instance_pod_log", "user", ("running", "=my-blog-web-7d9c5b8f6-2xkqp")),
    Page("deployed", "deployed", "user"),
    Page("deployed-empty", "deployed", "newcomer"),
    Page("deploy", "deploy", "user", ("listed_wordpress",)),
    Page(
        "deploy-refused",
        "deploy",
        "user",
        ("listed_wordpress",),
        first=("#id_name := Not A Name", _SEND),
        status=0,
    ),
    Page("deploy-unfolded", "deploy", "user", ("listed_wordpress",), first=_UNFOLDED),
    Page(
        "deploy-answer-refused",
        "deploy",
        "user",
        ("listed_wordpress",),
        first=(*_UNFOLDED, 'input[value="5Gi"] := much', 'input[value="wp_"] := wp-', _SEND),
        status=0,
    ),
    Page("deploy-yaml", "deploy", "user", ("listed_wordpress",), first=_YAML),
    Page("deploy-nowhere", "deploy", "newcomer", ("listed_wordpress",)),
    Page("test-instances", "test_instances", "technical_reviewer"),
    Page("test-instances-empty", "test_instances", "second_admin"),
    Page("environments", "environments", "user"),
    Page("environments-menu", "environments", "user", first=(".rs-place .rs-menu > summary",)),
    Page("environments-empty", "environments", "newcomer"),
    Page("environment", "environment", "user", ("place_shop",)),
    Page("environment-broken", "environment", "user", ("place_lost-and-found",)),
    Page("environment-delete", "environment", "user", ("place_expired",), first=("[data-dialog=delete]",)),
    Page("environment-edit", "environment_edit", "user", ("place_shop",)),
    Page("environment-credential", "environment_credential", "user", ("place_shop",)),
    Page("environment-new", "environment_new", "newcomer"),
    Page("environment-new-docker", "environment_new", "newcomer", query="?provider=docker"),
    Page("environment-new-saved", "environment_new", "user"),
    Page(
        "environment-new-refused",
        "environment_new",
        "newcomer",
        first=("[name=content] := apiVersion: v1", "main form .btn-primary"),
        status=0,
    ),
    Page("credentials", "credentials", "user"),
    Page("credentials-empty", "credentials", "newcomer"),
    Page("credential", "credential", "user", ("credential",)),
    Page("credential-content", "credential_content", "user", ("credential",)),
)
_MACHINES = (
    Page("vm-offer", "store_app", things=("app_wordpress",), query="?type=vm"),
    Page("vm-deploy", "deploy", "user", ("listed_vm",)),
    Page("vm-machines", "instance", "user", ("vm_running",), "?tab=machines"),
    Page("vm-frontgate", "instance", "user", ("vm_running",), "?tab=frontgate"),
    Page("vm-console", "instance_console", "user", ("vm_running", "vm_node")),
    Page("vm-creating", "instance", "user", ("vm_creating",)),
    Page("vm-failed", "instance", "user", ("vm_failed",)),
    Page("vm-troubled", "instance", "user", ("vm_failed",), "?tab=machines"),
    Page("vm-review", "review", "technical_reviewer", ("vm_review",)),
)
_DEVELOPER = (
    Page("overview-developer", "overview", "developer"),
    Page("apps", "my_apps", "developer"),
    Page("apps-none-found", "my_apps", "developer", query="?q=spreadsheet"),
    Page("apps-empty", "my_apps", "new_maker"),
    Page("app-new", "app_new", "developer"),
    Page("app-upload", "app_new", "developer", query="?delivery=helm"),
    Page(
        "app-upload-refused",
        "app_new",
        "developer",
        query="?delivery=helm",
        first=("[name=package] := file:package.txt", "main .btn-primary"),
        status=0,
    ),
    Page("app-confirm", "app_confirm", "developer", ("fresh_app",)),
    Page("app-created", "app_created", "developer", ("fresh_app",)),
    Page("app", "app", "developer", ("app_wordpress",)),
    Page("app-many-states", "app", "developer", ("chat",)),
    Page("app-information", "app_information", "developer", ("fresh_app",)),
    Page("app-information-locked", "app_information", "developer", ("app_wordpress",)),
    Page("app-instructions", "app_information", "developer", ("chat",), "?tab=instructions"),
    Page("app-example", "app_information", "developer", ("chat",), "?tab=instructions", ("[data-dialog=example]",)),
    Page("app-terms", "app_information", "developer", ("chat",), "?tab=terms"),
    Page("app-instances", "app_instances", "developer", ("app_wordpress",)),
    Page("app-instances-none", "app_instances", "developer", ("app_wordpress",), "?q=spreadsheet"),
    Page("app-record", "app_record", "developer", ("app_wordpress",)),
    Page("version-draft", "version", "developer", ("draft",)),
    Page("version-submitted", "version", "developer", ("submitted",)),
    Page("version-in-review", "version", "developer", ("in_review_version",)),
    Page("version-passed", "version", "developer", ("passed",)),
    Page("version-rejected", "version", "developer", ("rejected",)),
    Page("version-active", "version", "developer", ("listed_wordpress",)),
    Page("version-suspended", "version", "developer", ("suspended",)),
    Page("version-submit", "version", "developer", ("draft",), first=("[data-dialog=submit-version]",)),
    Page("version-release", "version", "developer", ("passed",), first=("[data-dialog=release-version]",)),
    Page("version-package", "version_package", "developer", ("draft",)),
    Page("version-new", "version_new", "developer", ("chat",)),
    Page("prepare-information", "version_prepare", "developer", ("fresh",)),
    Page("prepare-version", "version_prepare", "developer", ("fresh",), "?step=version"),
    Page("prepare-preview", "version_prepare", "developer", ("fresh",), "?step=preview"),
    Page("version-sent", "version_submitted", "developer", ("submitted",)),
    Page("deploy-test", "deploy", "developer", ("draft",), "?test=1"),
)
_REVIEWERS = (
    Page("overview-head", "overview", "isv"),
    Page("queue-provider", "reviews", "isv"),
    Page("review-provider", "review", "isv", ("provider",)),
    Page("queue-business", "reviews", "business_reviewer"),
    Page("review-business", "review", "business_reviewer", ("business",)),
    Page("review-company", "review", "business_reviewer", ("business",), "?tab=provider"),
    Page("review-instructions", "review", "business_reviewer", ("business",), "?tab=instructions"),
    Page("review-uncertified", "review", "business_reviewer", ("uncertified",)),
    Page("queue", "reviews", "technical_reviewer"),
    Page("queue-mine", "reviews", "technical_reviewer", query="?tab=mine"),
    Page("queue-processed", "reviews", "technical_reviewer", query="?tab=processed"),
    Page("queue-all", "reviews", "technical_reviewer", query="?tab=all"),
    Page("queue-none-found", "reviews", "technical_reviewer", query="?q=spreadsheet"),
    Page("queue-empty", "reviews", "new_head"),
    Page("review", "review", "technical_reviewer", ("technical",)),
    Page("review-file", "review", "technical_reviewer", ("technical",), "?tab=files&file=templates/deployment.yaml"),
    Page("review-rendered", "review", "technical_reviewer", ("technical",), "?tab=files&show=rendered"),
    Page("review-difference", "review", "technical_reviewer", ("technical",), "?tab=difference&file=values.yaml"),
    Page("review-changes", "review", "technical_reviewer", ("technical",), "?tab=changes"),
    Page("review-terms", "review", "technical_reviewer", ("technical",), "?tab=terms"),
    Page("review-reject", "review", "technical_reviewer", ("technical",), first=("[data-dialog=reject-dialog]",)),
    Page("review-pass", "review", "technical_reviewer", ("technical",), first=("[data-dialog=pass-dialog]",)),
    Page("review-waiting", "review", "technical_reviewer", ("waiting",)),
    Page("review-held", "review", "technical_reviewer", ("held",)),
    Page("review-refused", "review", "technical_reviewer", ("refused",)),
    Page("review-test", "review_test", "technical_reviewer", ("technical",)),
    Page("overview-reviewer", "overview", "technical_reviewer"),
    Page("review-force", "review", "second_admin", ("waiting",), first=("[data-dialog=force-dialog]",)),
    Page("review-forced", "review", "global_admin", ("forced",)),
)
_KEEPERS = (
    Page("overview", "overview", "global_admin"),
    Page("overview-force", "overview", "second_admin"),
    Page("all-apps", "all_apps", "global_admin"),
    Page("all-instances", "all_instances", "global_admin"),
    Page("kept-app", "keeper_app", "global_admin", ("app_wordpress",)),
    Page("kept-app-suspend", "keeper_app", "global_admin", ("app_wordpress",), first=("[data-dialog=suspend-app]",)),
    Page("categories", "categories", "global_admin"),
    Page("categories-chosen", "categories", "global_admin", query="?category=ctg-databases", first=("tbody input[name=app]",)),
    Page("category-new", "category_new", "global_admin"),
    Page("category", "category_edit", "global_admin", ("category",)),
    Page("people", "people", "global_admin"),
    Page("people-chosen", "people", "global_admin", query="?role=business_reviewer", first=("tbody tr:first-child input[name=person]",)),
    Page("person", "person", "global_admin", ("person",)),
    Page("person-delete", "person", "global_admin", ("person",), first=("[data-dialog=delete]",)),
    Page("person-new", "person_new", "global_admin"),
    Page("departments", "departments", "global_admin"),
    Page("roles", "roles", "global_admin"),
    Page("role", "role", "global_admin", ("role",)),
    Page("role-new", "role_new", "global_admin"),
    Page("this-machine", "this_machine", "global_admin"),
    Page("this-machine-sweep", "this_machine_sweep", "global_admin"),
    Page("settings", "platform_settings", "global_admin"),
    Page("audit", "audit", "global_admin"),
    Page("audit-none", "audit", "global_admin", query="?verb=nothing"),
    Page("team", "people", "isv"),
    Page("team-departments", "departments", "isv"),
    Page("account", "account", "user"),
    Page("tokens", "tokens", "user"),
    Page("confirm", "account_confirm", "user"),
    Page("account-refused", "account_password", "user", first=("[name=current] := x", "main form:last-of-type .btn-primary"), status=0),
)
PAGES = (*_STORE, *_INSTANCES, *_DEVELOPER, *_REVIEWERS, *_KEEPERS, *_MACHINES)
# Of an installation that nobody has filled.
EMPTY = (Page("store-empty", "store_home"), Page("store-empty-search", "store_home", query="?q=wordpress"))
