"""The people of the world: the sample people, their colleagues, and the companies that offer apps."""

from dataclasses import dataclass, field

from roadstead.accounts import departments, people, roles, services
from roadstead.accounts.models import DataLevel, Group, User
from roadstead.accounts.permissions import Action
from roadstead.vendors import services as vendors
from roadstead.vendors.models import Provider
from roadstead.vendors.sample import COMPANY
from tests.journeys.pages.clock import ago

COMPANIES = {
    "lake": ("北京湖光数据库", "湖光维护数据库的集群版本，参与上游开发已有九年。"),
    "crane": ("杭州观澜数据", "观澜做报表与看板，服务制造、零售与公共部门。"),
    "bird": ("成都青鸟软件", "青鸟为运维团队做工单、值班与变更管理。"),
    "tide": ("广州潮汐计算", "潮汐调度批处理与推理任务，让闲时算力有事可做。"),
    "knot": ("上海知行协作", "知行把会议、文档与决定放在一处。"),
    "north": ("Northlight Ltd.", "Registries, vaults and mirrors for closed networks."),
}
UNCERTIFIED = ("苏州新芽科技", "成立三个月，第一款应用正在审核。")


@dataclass
class Company:
    """A provider with the two people that its way through review needs."""

    provider: Provider
    head: User
    developer: User


@dataclass
class Cast:
    """Everybody by what they do here."""

    people: dict[str, User]
    companies: dict[str, Company] = field(default_factory=dict)
    role_id: str = ""

    def __getitem__(self, who: str) -> User:
        return self.people[who]


def gather() -> Cast:
    """Make everybody."""
    with ago(days=90):
        cast = Cast({user.role_id: user for user in User.objects.filter(email__endswith="@example.com")})
        for key, (name, profile) in COMPANIES.items():
            cast.companies[key] = _company(cast, key, name, profile)
        cast.companies["sprout"] = _company(cast, "sprout", *UNCERTIFIED, certified=False)
        provider = Provider.objects.get(company_name=COMPANY)
        cast.companies["sail"] = Company(provider, cast["isv"], cast["developer"])
    with ago(days=40):
        _colleagues(cast)
        _newcomers(cast)
    return cast


def _company(cast: Cast, key: str, name: str, profile: str, *, certified: bool = True) -> Company:
    head = services.create_user(actor=None, email=f"head@{key}.example", name=f"{name[:2]} 负责人", role_id="isv")
    made = vendors.create_provider(actor=None, head=head, company_name=name, website=f"https://{key}.example", profile=profile)
    if certified:
        made = vendors.certify(actor=cast["global_admin"], provider_id=made.pk)
    maker = services.create_user(
        actor=None, email=f"dev@{key}.example", name="乔安" if key != "north" else "Ada Lindqvist", role_id="developer", group=made.group
    )
    return Company(made, head, maker)


def _colleagues(cast: Cast) -> None:
    """A platform with departments, a second administrator, more reviewers, and a role of its own."""
    boss = cast["global_admin"]
    root = Group.objects.get(pk=boss.group.root_id)
    review = departments.add_department(actor=boss, parent_id=root.pk, name="审核部")
    technical = departments.add_department(actor=boss, parent_id=review.pk, name="技术审核组")
    departments.add_department(actor=boss, parent_id=review.pk, name="商务审核组")
    operations = departments.add_department(actor=boss, parent_id=root.pk, name="平台运营部")
    rows = (
        ("second_admin", "wangmu@example.com", "王牧", "global_admin", operations),
        ("second_reviewer", "xuwang@example.com", "许望", "technical_reviewer", technical),
        (
            "third_reviewer",
            "alexandra.montgomery-fitzgerald@example.com",
            "Alexandra Montgomery-Fitzgerald",
            "technical_reviewer",
            technical,
        ),
        ("leaver", "tangli@example.com", "唐黎", "business_reviewer", review),
    )
    for key, email, name, role, group in rows:
        cast.people[key] = services.create_user(actor=None, email=email, name=name, role_id=role, group=group)
    services.suspend_user(actor=boss, user_id=cast["leaver"].pk)
    made = roles.create_role(actor=boss, name="商店编辑", description="整理分类，下架有问题的应用，不参与审核")
    wanted = {"m1": (DataLevel.ALL, [Action.SUSPEND, Action.RECOVER, Action.CREATE_CATEGORY, Action.EDIT_CATEGORY])}
    roles.set_grants(actor=boss, role_id=made.pk, wanted=wanted)
    cast.role_id = made.pk
    head = cast["isv"]
    team = departments.add_department(actor=head, parent_id=head.group_id, name="打包组")
    for name, email in (("沈括", "shenkuo@example.com"), ("黎原", "liyuan@example.com")):
        people.add_person(actor=head, email=email, role="developer", name=name, group=team.pk)


def _newcomers(cast: Cast) -> None:
    """People whose pages are still empty."""
    cast.people["newcomer"] = services.create_user(actor=None, email="new@example.org", name="白苏", role_id="user")
    head = services.create_user(actor=None, email="founder@example.org", name="方晓", role_id="isv")
    made = vendors.create_provider(actor=None, head=head, company_name="宁波小港工作室")
    cast.people["new_head"] = head
    cast.people["new_maker"] = services.create_user(
        actor=None, email="maker@example.org", name="方舟", role_id="developer", group=made.group
    )
