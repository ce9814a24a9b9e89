"""The table of promise A1 for the API: who reaches what by each operation. An operation without a row fails the build.

`thing` fills the places of the address, `sent` the body: an operation that refuses a body would never look for the thing.
"""

from dataclasses import dataclass, field
from typing import Any

from tests.isolation.rows import ADMINISTRATOR, EVERYBODY, NOBODY, REVIEWS, RUNNING, STORE


@dataclass(frozen=True)
class Op:
    """One operation: `thing` is what it is about, `reach` are the roles that reach a stranger's, `sent` is its body or its files."""

    thing: str = ""
    reach: frozenset[str] = EVERYBODY
    sent: dict[str, Any] | None = None
    files: tuple[str, ...] = ()
    public: bool = False
    # Where the permission is asked for before the thing: missing is then forbidden, as foreign would be.
    forbidden: frozenset[str] = field(default=NOBODY)


ANY, REASON, STAGE = Op(), {"reason": ""}, {"stage": "business"}
NO_KEEPERS = EVERYBODY - ADMINISTRATOR

OPERATIONS: dict[str, Op] = {
    "list_store_apps": Op(public=True),
    "get_store_app": Op("app", NOBODY, public=True),
    "get_me": ANY,
    "revoke_my_token": ANY,
    "edit_me": ANY,
    "change_my_password": ANY,
    "list_audit": ANY,
    "get_settings": ANY,
    "change_settings": ANY,
    "get_overview": ANY,
    "list_apps": ANY,
    "create_app": ANY,
    "get_app": Op("app", STORE),
    "edit_app": Op("app", STORE, sent={"introduction": "x"}),
    "delete_app": Op("app", STORE),
    "set_icon": Op("app", STORE, files=("picture",)),
    "add_screenshot": Op("app", STORE, files=("picture",)),
    "delete_screenshot": Op("screenshot", STORE),
    "move_screenshot": Op("screenshot", STORE, sent={"step": 1}),
    "add_version": Op("app", STORE, files=("package",)),
    "suspend_app": Op("app", STORE, sent=REASON),
    "recover_app": Op("app", STORE),
    "list_versions": ANY,
    "get_version": Op("version", STORE),
    "edit_version": Op("version", STORE, sent={"description": "x"}),
    "delete_version": Op("version", STORE),
    "download_package": Op("version", STORE),
    "replace_package": Op("version", STORE, files=("package",)),
    "get_version_record": Op("version", STORE),
    "submit_version": Op("version", STORE),
    "withdraw_version": Op("submitted", STORE),
    "release_version": Op("version", STORE),
    "suspend_version": Op("version", STORE, sent=REASON),
    "recover_version": Op("version", STORE),
    "list_categories": ANY,
    "create_category": ANY,
    "edit_category": Op("category", sent={"name": "x"}, forbidden=NO_KEEPERS),
    "delete_category": Op("category", forbidden=NO_KEEPERS),
    "move_to_category": Op("category", sent={"apps": ["app-none"]}, forbidden=NO_KEEPERS),
    "list_reviews": ANY,
    "get_review": Op("submission", REVIEWS),
    "download_reviewed_package": Op("submission", REVIEWS),
    "claim_review": Op("submission", REVIEWS, sent=STAGE),
    "take_over_review": Op("submission", REVIEWS, sent=STAGE),
    "release_review": Op("submission", REVIEWS),
    "recheck_review": Op("submission", REVIEWS),
    "pass_review": Op("submission", REVIEWS, sent=STAGE),
    "reject_review": Op("submission", REVIEWS, sent={**STAGE, "reason": "x"}),
    "ask_force": Op("submission", REVIEWS, sent={**STAGE, "reason": "x", "verdict": "pass"}),
    "answer_force": Op("submission", REVIEWS, sent={"confirm": False}),
    "deploy_for_test": Op("submission", REVIEWS, sent={"environment": "runtime-none", "name": "x"}),
    "list_environments": ANY,
    "create_environment": ANY,
    "get_environment": Op("environment", RUNNING),
    "edit_environment": Op("environment", RUNNING, sent={"name": "x"}),
    "delete_environment": Op("environment", RUNNING),
    "check_environment": Op("environment", RUNNING),
    "switch_credential": Op("environment", RUNNING, sent={"credential": "runtimec-none"}),
    "list_credentials": ANY,
    "get_credential": Op("credential", RUNNING),
    "edit_credential": Op("credential", RUNNING, sent={"name": "x"}),
    "replace_credential": Op("credential", RUNNING, sent={"content": "x"}),
    "delete_credential": Op("credential", RUNNING),
    "get_this_machine": ANY,
    "list_grants": ANY,
    "give_grant": ANY,
    "withdraw_grant": Op("grant", ADMINISTRATOR),
    "list_instances": ANY,
    "create_instance": ANY,
    "plan_instance": ANY,
    "get_instance": Op("cluster", RUNNING),
    "get_values": Op("cluster", RUNNING),
    "list_revisions": Op("cluster", RUNNING),
    "list_events": Op("cluster", RUNNING),
    "get_pod_log": Op("pod", RUNNING),
    "list_machines": Op("cluster", RUNNING),
    "get_console": Op("machine", RUNNING),
    "update_instance": Op("cluster", RUNNING, sent={"values": "replicas: 2"}),
    "upgrade_instance": Op("cluster", RUNNING, sent={"version": "appv-none"}),
    "roll_back_instance": Op("cluster", RUNNING, sent={"revision": 1}),
    "stop_instance": Op("cluster", RUNNING),
    "start_instance": Op("cluster", RUNNING),
    "delete_instance": Op("cluster", RUNNING),
    "cease_instance": Op("cluster", RUNNING),
    "list_jobs": Op("cluster", RUNNING),
    "get_job": Op("only_job", RUNNING),
    "cancel_job": Op("only_job", RUNNING),
    "retry_job": Op("only_job", RUNNING),
    "give_up_job": Op("only_job", RUNNING),
    "list_people": ANY,
    "add_person": ANY,
    "get_person": Op("person", ADMINISTRATOR),
    "edit_person": Op("person", ADMINISTRATOR, sent={"name": "x"}),
    "set_role": Op("person", ADMINISTRATOR, sent={"role": "user"}),
    "set_password": Op("person", ADMINISTRATOR),
    "suspend_person": Op("person", ADMINISTRATOR),
    "reactivate_person": Op("person", ADMINISTRATOR),
    "delete_person": Op("person", ADMINISTRATOR),
    "list_roles": ANY,
    "create_role": ANY,
    "get_role": Op("role", NOBODY),
    "edit_role": Op("role", NOBODY, sent={"name": "x"}),
    "set_grants": Op("role", NOBODY, sent={"grants": []}),
    "delete_role": Op("role", NOBODY),
    "list_departments": ANY,
    "add_department": ANY,
    "rename_department": Op("department", NOBODY, sent={"name": "x"}),
    "delete_department": Op("department", NOBODY),
}
