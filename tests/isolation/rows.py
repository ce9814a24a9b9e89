"""The table of promise A1: who reaches what behind every address. An address without a row fails the build."""

from dataclasses import dataclass

STORE = frozenset({"business_reviewer", "technical_reviewer", "global_admin"})  # those whose store module reaches everybody's apps
REVIEWS = STORE
RUNNING = frozenset({"technical_reviewer", "global_admin"})  # those whose instances and environments are everybody's
EVERYBODY = frozenset({"developer", "isv", "user"}) | STORE
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Row:
    """One address: `thing` names what it is about, `reach` are the roles that see a stranger's; `public` needs no sign-in."""

    thing: str = ""
    reach: frozenset[str] = EVERYBODY
    post: bool = False
    query: str = ""
    public: bool = False


READ, ACT = Row(), Row(post=True)
APP, APP_ACT = Row("app", STORE), Row("app", STORE, post=True)
VERSION, VERSION_ACT = Row("version", STORE), Row("version", STORE, post=True)
REVIEW, REVIEW_ACT = Row("submission", REVIEWS), Row("submission", REVIEWS, post=True, query="?stage=business")
INSTANCE, INSTANCE_ACT, JOB_ACT = Row("cluster", RUNNING), Row("cluster", RUNNING, post=True), Row("job", RUNNING, post=True)
ADMINISTRATOR = frozenset({"global_admin"})
PERSON, PERSON_ACT = Row("person", ADMINISTRATOR), Row("person", ADMINISTRATOR, post=True)
PLACE, PLACE_ACT = Row("environment", RUNNING), Row("environment", RUNNING, post=True)
CREDENTIAL, CREDENTIAL_ACT = Row("credential", RUNNING), Row("credential", RUNNING, post=True)
OPEN = Row(public=True)

ROWS: dict[str, tuple[Row, ...]] = {
    # What anybody may ask for; what isn't in the store isn't there.
    "store_home": (OPEN,),
    "store_app": (Row("listed", public=True), Row("app", NOBODY, public=True)),
    "store_deploy": (Row("listed", public=True), Row("app", NOBODY, public=True)),
    "icon": (Row("icon", public=True), Row("package", NOBODY, public=True)),
    "api_docs": (OPEN,),
    "^.*$": (),  # below /api/v1/, for what no other address takes: always missing
    "set_language": (Row(post=True, public=True),),
    "scheme": (Row(post=True, public=True),),
    "account_login": (OPEN,),
    "account_logout": (Row(post=True, public=True),),
    "account_inactive": (OPEN,),
    "persona": (Row("persona", NOBODY, post=True, public=True),),
    # What needs a person.
    "home": (READ,),
    "account_confirm": (READ, ACT),
    "search": (READ,),
    "my_apps": (READ,),
    "all_apps": (READ,),
    "overview": (READ,),
    "categories": (READ,),
    "category_new": (READ, ACT),
    "category_adjust": (ACT,),
    "category_edit": (Row("category"), Row("category", post=True)),
    "category_delete": (Row("category", post=True),),
    "app_new": (READ, ACT),
    "app_sample": (ACT,),
    "reviews": (READ,),
    "instances": (READ,),
    "all_instances": (READ,),
    "test_instances": (READ,),
    "instances_several": (Row(query="?act=stop&instance=cl-2222222222222222"), Row(post=True)),
    "deployed": (READ,),
    "environments": (READ,),
    "credentials": (READ,),
    "account": (READ, ACT),
    "account_password": (READ, ACT),
    "tokens": (READ, ACT),
    "token_revoke": (Row("token", NOBODY, post=True),),
    "platform_settings": (READ, ACT),
    "audit": (READ,),
    "people": (READ,),
    "person_new": (READ, ACT),
    "people_role": (ACT,),
    "people_move": (ACT,),
    "departments": (READ, ACT),
    "roles": (READ,),
    "role_new": (READ, ACT),
    "environment_new": (READ, ACT),
    "this_machine": (READ, ACT),
    "this_machine_sweep": (READ, ACT),
    "this_machine_withdraw": (Row("grant", ADMINISTRATOR, post=True),),
    # What belongs to somebody.
    "app": (APP,),
    "keeper_app": (APP,),
    "keeper_version": (Row("app_version", STORE, post=True),),
    "app_suspend": (APP_ACT,),
    "app_recover": (APP_ACT,),
    "app_created": (APP,),
    "app_confirm": (APP, APP_ACT),
    "app_information": (APP, APP_ACT, Row("app", STORE, query="?tab=terms")),
    "app_screenshots": (APP_ACT,),
    "app_instances": (APP,),
    "app_record": (APP, Row("app", STORE, query="?version=appv-none")),
    "app_delete": (APP_ACT,),
    "version_new": (APP, APP_ACT),
    "version": (VERSION,),
    "version_package": (VERSION, VERSION_ACT),
    "version_download": (VERSION,),
    "version_log": (VERSION_ACT,),
    "version_submit": (VERSION_ACT,),
    "version_prepare": (VERSION, VERSION_ACT, Row("version", STORE, query="?step=preview")),
    "version_submitted": (VERSION,),
    "version_withdraw": (VERSION_ACT, Row("submitted", STORE, post=True)),
    "version_release": (VERSION_ACT,),
    "version_suspend": (VERSION_ACT,),
    "version_recover": (VERSION_ACT,),
    "version_delete": (VERSION_ACT,),
    "review": (REVIEW, Row("submission", REVIEWS, query="?tab=files"), Row("submission", REVIEWS, query="?tab=tests")),
    "review_check": (REVIEW_ACT,),
    "review_claim": (REVIEW_ACT,),
    "review_take_over": (REVIEW_ACT,),
    "review_force": (REVIEW_ACT,),
    "review_force_answer": (REVIEW_ACT,),
    "review_release": (REVIEW_ACT,),
    "review_pass": (REVIEW_ACT,),
    "review_reject": (REVIEW_ACT,),
    "review_test": (REVIEW, REVIEW_ACT),
    "review_package": (REVIEW,),
    # A version that isn't in the store can't be deployed by guessing its id; a test deployment reaches as far as the version's page.
    "deploy": (
        Row("version", NOBODY),
        Row("version", NOBODY, post=True),
        Row("version", STORE, query="?test=1"),
        Row("version", STORE, query="?test=1", post=True),
        Row("released"),
    ),
    "instance": (INSTANCE, Row("test_cluster", RUNNING), Row("cluster", RUNNING, query="?tab=values")),
    "instance_activity": (INSTANCE, Row("test_cluster", RUNNING)),
    "instance_live": (INSTANCE, Row("test_cluster", RUNNING)),
    "instance_update": (INSTANCE, INSTANCE_ACT),
    "instance_upgrade": (INSTANCE, INSTANCE_ACT),
    "instance_rollback": (INSTANCE, INSTANCE_ACT),
    "instance_stop": (INSTANCE_ACT,),
    "instance_start": (INSTANCE_ACT,),
    "instance_events": (INSTANCE,),
    "instance_pod_log": (Row("pod", RUNNING),),
    "instance_console": (Row("machine", RUNNING),),
    "instance_delete": (INSTANCE_ACT,),
    "instance_cease": (INSTANCE_ACT,),
    "instance_job_cancel": (JOB_ACT,),
    "instance_job_retry": (JOB_ACT,),
    "instance_job_give_up": (JOB_ACT,),
    "person": (PERSON, PERSON_ACT),
    "person_role": (PERSON_ACT,),
    "person_password": (PERSON_ACT,),
    "person_suspend": (PERSON_ACT,),
    "person_reactivate": (PERSON_ACT,),
    "person_delete": (PERSON_ACT,),
    # Departments and own roles of a company are its own affair, not even the administrators'.
    "department_rename": (Row("department", NOBODY, post=True),),
    "department_delete": (Row("department", NOBODY, post=True),),
    "role": (Row("role", NOBODY), Row("role", NOBODY, post=True)),
    "role_grants": (Row("role", NOBODY, post=True),),
    "role_delete": (Row("role", NOBODY, post=True),),
    "environment": (PLACE,),
    "environment_edit": (PLACE, PLACE_ACT),
    "environment_credential": (PLACE, PLACE_ACT),
    "environment_check": (PLACE_ACT,),
    "environment_delete": (PLACE_ACT,),
    "credential": (CREDENTIAL, CREDENTIAL_ACT),
    "credential_content": (CREDENTIAL, CREDENTIAL_ACT),
    "credential_delete": (CREDENTIAL_ACT,),
}
