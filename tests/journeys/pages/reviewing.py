"""The queue: submissions in every stage, held by several people, late, refused, forced; and versions in every state."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from roadstead.catalog import factories as catalog
from roadstead.catalog import services as apps
from roadstead.catalog.track import Status
from roadstead.reviews import factories as packages
from roadstead.reviews import services as reviews
from roadstead.reviews.track import OPEN_STAGES, Stage, Verdict
from roadstead.store import services as store
from roadstead.store.sample import sample_folder
from tests.journeys.pages.clock import Clock, ago
from tests.journeys.pages.shelves import README, decide, passed, wordpress

if TYPE_CHECKING:
    from roadstead.catalog.models import Version
    from tests.journeys.pages.cast import Cast

DISRUPTION = """\
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ .Release.Name }}-wordpress
spec:
  minAvailable: 1
  selector:
    matchLabels:
      app.kubernetes.io/instance: {{ .Release.Name }}
"""


@dataclass(frozen=True)
class Waiting:
    """One submission on its way: at a stage for some hours, held by somebody or nobody."""

    key: str
    company: str
    app: str
    version: str
    stage: Stage
    hours: float
    holder: str = ""


WAITING = (
    Waiting("late", "bird", "青鸟工单", "2.7.0", Stage.TECHNICAL, 99),
    Waiting("waiting", "lake", "MariaDB Cluster", "11.4.5", Stage.TECHNICAL, 32),
    Waiting("held", "north", "Harbor Vault", "2.13.0", Stage.TECHNICAL, 9, "second_reviewer"),
    Waiting("business", "knot", "知行文档", "1.20.0", Stage.BUSINESS, 26, "business_reviewer"),
    Waiting("business_waiting", "tide", "潮汐调度", "1.0.0", Stage.BUSINESS, 5),
    Waiting("provider", "sail", "对象存储网关", "2026.11.20", Stage.PROVIDER, 3, "isv"),
    Waiting("provider_waiting", "sail", "Gitea 代码托管", "1.25.2", Stage.PROVIDER, 1.5),
    Waiting("forced", "crane", "观澜 BI", "5.2.1", Stage.BUSINESS, 50),
)


def queue_up(cast: "Cast", listed: "dict[str, Version]") -> dict[str, str]:
    """Fill the queue; return ids of submissions and of versions by what they show."""
    by_name = {version.app.name: version for version in listed.values()}
    ids = {}
    for row in WAITING:
        ids[row.key] = _on_its_way(cast, row, by_name[row.app])
    ids["uncertified"] = _uncertified(cast)
    reviews.ask_force(
        actor=cast["second_admin"],
        submission_id=ids["forced"],
        stage=Stage.BUSINESS,
        verdict=Verdict.PASS,
        reason="客户现场等待修复，安全团队已经确认补丁。",
    )
    ids |= _wordpress(cast, listed["wordpress"])
    return ids | _versions(cast, listed)


def _on_its_way(cast: "Cast", row: Waiting, base: "Version") -> str:
    company = cast.companies[row.company]
    with ago(hours=row.hours + 12) as clock:
        version = packages.packaged(
            base.app,
            Status.DRAFT,
            name=row.version,
            description="新增按天恢复，修复了三个问题。",
            files={"values.yaml": "replicas: 2\nservice:\n  nodePort: 30080\n"},
        )
        submission = reviews.submit(actor=company.developer, version_id=version.pk)
        for stage in OPEN_STAGES[: OPEN_STAGES.index(row.stage)]:
            decide(cast, company, submission.pk, stage, clock=clock)
    if row.holder:
        with ago(hours=min(row.hours, 6)):
            reviews.claim(actor=cast[row.holder], submission_id=submission.pk, stage=row.stage)
    return submission.pk


def _uncertified(cast: "Cast") -> str:
    """A provider that the platform doesn't know yet, before the business stage."""
    company = cast.companies["sprout"]
    with ago(days=2) as clock:
        app = catalog.app(
            company.developer, provider=company.provider, name="新芽表单", introduction="拖拽式表单与问卷。", chart_name="forms"
        )
        version = packages.packaged(app, Status.DRAFT, name="0.1.0")
        submission = reviews.submit(actor=company.developer, version_id=version.pk)
        decide(cast, company, submission.pk, Stage.PROVIDER, clock=clock)
    with ago(hours=2):
        reviews.claim(actor=cast["business_reviewer"], submission_id=submission.pk, stage=Stage.BUSINESS)
    return submission.pk


def _wordpress(cast: "Cast", base: "Version") -> dict[str, str]:
    """6.8.3 was refused once and is now with the technical reviewer; its app is locked meanwhile."""
    company, maker = cast.companies["sail"], cast["developer"]
    with ago(days=6) as clock:
        version = apps.add_version(actor=maker, app_id=base.app_id, upload=wordpress("6.8.3"), description="WordPress 6.8.3 安全更新。")
        first = reviews.submit(actor=maker, version_id=version.pk)
        decide(cast, company, first.pk, Stage.PROVIDER, clock=clock)
        decide(cast, company, first.pk, Stage.BUSINESS, clock=clock)
        decide(
            cast,
            company,
            first.pk,
            Stage.TECHNICAL,
            clock=clock,
            reason="缺少 PodDisruptionBudget，节点维护时站点会中断。参考 templates/pdb.yaml 的写法补上。",
        )
    with ago(days=2) as clock:
        values = open_values().replace("type: ClusterIP", "type: LoadBalancer").replace("size: 5Gi", "size: 20Gi")
        fixed = wordpress("6.8.3", {"templates/pdb.yaml": DISRUPTION, "values.yaml": values})
        apps.edit_version(actor=maker, version_id=version.pk, upload=fixed)
        second = reviews.submit(actor=maker, version_id=version.pk)
        decide(cast, company, second.pk, Stage.PROVIDER, clock=clock)
        decide(cast, company, second.pk, Stage.BUSINESS, clock=clock)
    with ago(hours=6):
        reviews.claim(actor=cast["technical_reviewer"], submission_id=second.pk, stage=Stage.TECHNICAL)
    return {"refused": first.pk, "technical": second.pk, "in_review_version": version.pk}


def open_values() -> str:
    """The sample chart's own values."""
    folder = sample_folder()
    assert folder
    return (folder / "helm" / "values.yaml").read_text()


def _versions(cast: "Cast", listed: "dict[str, Version]") -> dict[str, str]:
    """An app of the sample developer whose versions are in every state."""
    company, maker = cast.companies["sail"], cast["developer"]
    with ago(days=12):
        app = catalog.app(
            maker,
            provider=company.provider,
            name="轻语聊天",
            introduction="团队内部的即时消息，带频道与检索。",
            chart_name="chat",
            readme=README,
            category_id="ctg-collaboration",
        )
    ids = {"chat": app.pk}
    with ago(days=11) as clock:
        for name, state in (("1.0.0", "suspended"), ("1.1.0", "active"), ("1.2.0", "passed")):
            ids[state] = _decided(cast, made := packages.packaged(app, Status.DRAFT, name=name, description=f"{name} 的更新内容。"), clock)
            if state != "passed":
                store.release(actor=maker, version_id=made.pk)
        store.suspend(actor=cast["global_admin"], version_id=ids["suspended"], reason="服务商停止维护 1.0 系列。")
    with ago(days=4) as clock:
        refused = packages.packaged(app, Status.DRAFT, name="1.3.0", description="消息可以撤回。")
        submission = reviews.submit(actor=maker, version_id=refused.pk)
        decide(cast, company, submission.pk, Stage.PROVIDER, clock=clock, reason="values.yaml 里留下了测试环境的口令，删掉后重新提交。")
    ids["rejected"] = refused.pk
    ids["draft"] = packages.packaged(app, Status.DRAFT, name="1.4.0", description="").pk
    other = catalog.app(maker, provider=company.provider, name="灯塔巡检", introduction="", chart_name="beacon")
    ids["fresh_app"], ids["fresh"] = other.pk, packages.packaged(other, Status.DRAFT, name="0.1.0").pk
    with ago(hours=5):
        sent = packages.packaged(listed["gitea"].app, Status.DRAFT, name="1.26.0")
        reviews.submit(actor=maker, version_id=sent.pk)
    return ids | {"submitted": sent.pk}


def _decided(cast: "Cast", version: "Version", clock: Clock) -> str:
    """Lead a version to its end, and return its id."""
    return passed(cast, cast.companies["sail"], version, clock).pk
