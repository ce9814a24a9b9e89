"""What the store offers: apps of several providers, each with its whole way through review behind it."""

import gzip
import tarfile
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from roadstead.catalog import categories, screenshots
from roadstead.catalog import factories as catalog
from roadstead.catalog import services as apps
from roadstead.catalog.track import Status
from roadstead.packaging.factories import tgz
from roadstead.reviews import factories as packages
from roadstead.reviews import services as reviews
from roadstead.reviews.track import OPEN_STAGES, Stage, Verdict
from roadstead.store import services as store
from roadstead.store.sample import sample_chart, sample_icon
from tests.journeys.pages import painting
from tests.journeys.pages.clock import Clock, ago

if TYPE_CHECKING:
    from roadstead.accounts.models import User
    from roadstead.catalog.models import App, Version
    from tests.journeys.pages.cast import Cast, Company

DESCRIPTION = """\
{name} 由服务商打包为 Helm 应用，适合已有集群的团队，升级与回滚都在一个页面里完成。

## 这一版能做什么

- 节点 1–8 个，随时增减
- 每日 02:00 自动备份并保留 14 天
- 升级不丢改动，失败时回到原来的版本
"""
README = """\
# 使用说明

## 准备

集群需要一个默认的存储类，至少 13 GiB 可用空间。

## 部署

1. 选择环境，填写实例名称。
2. 核对参数：副本数、存储大小、访问方式。
3. 等到工作负载全部就绪，按附加信息里的地址打开。

### 从命令行核对

```console
$ kubectl get pods --namespace shop
```

## 备份与恢复

| 内容 | 时间 | 保留 |
|---|---|---|
| 数据库 | 每日 02:00 | 14 天 |
| 上传的文件 | 每周日 03:00 | 4 周 |
"""
TERMS = "# 服务条款\n\n服务商在工作日 9:00–18:00 提供支持，安全更新在 72 小时内发布。\n"

LATER: tuple[tuple[str, dict[str, str], str], ...] = (
    ("6.8.1", {}, "WordPress 6.8.1：修复媒体库上传失败。"),
    ("6.8.2", {"NOTES.md": "MariaDB 11.4\n"}, "WordPress 6.8.2：数据库升级到 MariaDB 11.4。"),
)


@dataclass(frozen=True)
class Offer:
    """One app of the store."""

    key: str
    company: str
    name: str
    words: str
    category: str
    version: str
    colour: str = ""
    glyph: str = ""
    shots: tuple[str, ...] = ()
    deployments: int = 0


OFFERS = (
    Offer(
        "vault", "north", "Harbor Vault", "Secrets and certificates with a log of every reading", "security", "2.12.4", "#1f4fa3", "lock"
    ),
    Offer("tide", "tide", "潮汐调度", "批处理与推理任务的调度器，闲时算力自动接单。", "data-and-intelligence", "0.9.6", deployments=4),
    Offer(
        "long",
        "north",
        "Extraordinarily Long Application Name For Cards",
        "An introduction that goes on and on, because somebody thought that the card of an app is the place to explain all of it",
        "developer-tools",
        "1.0.0-rc.1+build.20261127",
        deployments=2,
    ),
    Offer(
        "gitea",
        "sail",
        "Gitea 代码托管",
        "轻量的代码托管，自带合并请求与流水线。",
        "developer-tools",
        "1.25.1",
        "#3c7a3f",
        "layers",
        deployments=27,
    ),
    Offer(
        "minio",
        "sail",
        "对象存储网关",
        "S3 兼容的对象存储，纠删码与版本管理。",
        "storage-and-backup",
        "2026.11.2",
        "#8a3150",
        "cylinder",
        deployments=31,
    ),
    Offer("tickets", "bird", "青鸟工单", "面向运维团队的工单与值班系统，支持企业微信与飞书。", "collaboration", "2.6.0", deployments=18),
    Offer(
        "docs",
        "knot",
        "知行文档",
        "多人同时编辑的文档与会议纪要，决定有处可查。",
        "collaboration",
        "1.19.2",
        shots=("article",),
        deployments=22,
    ),
    Offer("watch", "tide", "潮位监控", "指标、日志与告警放在一张图上。", "monitoring", "3.4.1", "#b35417", "ring", ("dashboard",), 15),
    Offer(
        "bi",
        "crane",
        "观澜 BI",
        "拖拽式报表与看板，直连常用数据库，权限细到单元格。",
        "data-and-intelligence",
        "5.2.0",
        "#5a4796",
        "bars",
        ("dashboard", "table"),
        36,
    ),
    Offer("queue", "lake", "消息队列", "顺序与事务消息，三副本，秒级切换。", "developer-tools", "4.1.0", "#0f6a78", "bolt", deployments=9),
    Offer(
        "mariadb",
        "lake",
        "MariaDB Cluster",
        "三节点同步复制，故障切换平均 4 秒。",
        "databases",
        "11.4.4",
        "#7d5f17",
        "cylinder",
        ("table",),
        33,
    ),
)


def fill(cast: "Cast") -> dict[str, "Version"]:
    """Put everything into the store; return each app's listed version by its key."""
    categories.create_category(actor=cast["global_admin"], names={"zh-hans": "行业应用", "en": "Industry"}, icon="school")
    listed = {}
    for place, offer in enumerate(OFFERS):
        with ago(days=34 - 3 * place) as clock:
            listed[offer.key] = _offered(cast, offer, clock)
    with ago(days=3) as clock:
        listed["before"], listed["wordpress"] = _wordpress(cast, clock)
    return listed


def _offered(cast: "Cast", offer: Offer, clock: Clock) -> "Version":
    company = cast.companies[offer.company]
    app = catalog.app(
        company.developer,
        provider=company.provider,
        name=offer.name,
        introduction=offer.words,
        description=DESCRIPTION.format(name=offer.name),
        readme=README,
        chart_name=offer.key,
        home=f"https://{offer.key}.example",
        category_id=f"ctg-{offer.category}",
    )
    if offer.glyph:
        apps.edit_app(actor=company.developer, app_id=app.pk, icon=painting.icon(offer.colour, offer.glyph))
        app.refresh_from_db()
    add_shots(app, company.developer, offer.colour or "#2b6a83", offer.shots)
    version = packages.packaged(app, Status.DRAFT, name=offer.version, description="修正了升级时的重启顺序；备份可以按天恢复。")
    return passed(cast, company, version, clock, release=True)


def _wordpress(cast: "Cast", clock: Clock) -> "tuple[Version, Version]":
    """The sample application as its developer uploads it, with two versions in the store and one that left it."""
    company, maker = cast.companies["sail"], cast["developer"]
    version = apps.create_app(actor=maker, upload=wordpress("6.8.0"), icon=sample_icon())
    words: dict[str, Any] = {
        "name": "WordPress",
        "introduction": "全球使用最广的建站系统，带自己的数据库与自动备份。",
        "description": DESCRIPTION.format(name="WordPress"),
        "readme": README,
        "tos": TERMS,
    }
    apps.edit_app(actor=maker, app_id=version.app_id, **words)
    categories.set_category(actor=cast["global_admin"], app_ids=[version.app_id], category_id="ctg-sites-and-content")
    add_shots(version.app, maker, "#21708f", ("dashboard", "article", "table"))
    passed(cast, company, version, clock, release=True)
    later = [
        apps.add_version(actor=maker, app_id=version.app_id, upload=wordpress(name, changes), description=log)
        for name, changes, log in LATER
    ]
    for one in later:
        passed(cast, company, one, clock, release=True)
    store.suspend(actor=cast["global_admin"], version_id=version.pk, reason="6.8.0 的镜像含有已公开的漏洞，升级到 6.8.1 或更新的版本。")
    return later[0], later[1]


def add_shots(app: "App", maker: "User", colour: str, kinds: tuple[str, ...]) -> None:
    """Draw an app's screenshots."""
    if kinds:
        screenshots.add_screenshots(actor=maker, app_id=app.pk, pictures=[painting.screenshot(colour, kind) for kind in kinds])


def wordpress(version: str, changes: dict[str, str] | None = None) -> apps.Upload:
    """The sample chart under another number, with some files replaced or added."""
    with tarfile.open(fileobj=BytesIO(gzip.decompress(sample_chart()))) as archive:
        members = [member for member in archive.getmembers() if member.isfile()]
        files = {member.name.partition("/")[2]: archive.extractfile(member).read() for member in members}  # type: ignore[union-attr]  # they are files
    texts: dict[str, str | bytes] = {**files, **(changes or {})}
    texts["Chart.yaml"] = files["Chart.yaml"].replace(b"version: 1.0.0\nappVersion", f"version: {version}\nappVersion".encode())
    return apps.check_upload(data=tgz(texts, top="wordpress"), filename=f"wordpress-{version}.tgz")


def passed(cast: "Cast", company: "Company", version: "Version", clock: Clock, *, release: bool = False) -> "Version":
    """Lead a version through the three stages, some hours each."""
    submission = reviews.submit(actor=company.developer, version_id=version.pk)
    for stage in OPEN_STAGES:
        decide(cast, company, submission.pk, stage, clock=clock)
    if release:
        store.release(actor=company.developer, version_id=version.pk)
    version.refresh_from_db()
    return version


def decide(cast: "Cast", company: "Company", submission_id: str, stage: Stage, *, clock: Clock, reason: str = "") -> None:
    """Pass a stage, or reject with a reason."""
    clock.wait(hours=2)
    reviewer = reviewer_of(cast, company, stage)
    reviews.claim(actor=reviewer, submission_id=submission_id, stage=stage)
    clock.wait(hours=1, minutes=12)
    verdict = Verdict.REJECT if reason else Verdict.PASS
    reviews.decide(actor=reviewer, submission_id=submission_id, stage=stage, verdict=verdict, reason=reason)


def reviewer_of(cast: "Cast", company: "Company", stage: Stage) -> "User":
    """Who reviews a stage of a company's apps."""
    return {Stage.PROVIDER: company.head, Stage.BUSINESS: cast["business_reviewer"], Stage.TECHNICAL: cast["technical_reviewer"]}[stage]
