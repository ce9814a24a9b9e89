"""The words of demo data: what apps, companies and people are called, in Chinese and in English, the same for the same seed."""

from random import Random
from typing import NamedTuple


class Kind(NamedTuple):
    """What an application is: its category, and its name and purpose in both languages."""

    category: str
    chinese: str
    chinese_purpose: str
    english: str
    english_purpose: str


class Product(NamedTuple):
    """An application's name, introduction and keywords."""

    name: str
    introduction: str
    category: str
    keywords: list[str]


KINDS = (
    Kind(
        "ctg-databases",
        "数据库",
        "关系型数据库，开箱即有主备与备份",
        "Database",
        "A relational database with replicas and backups",
    ),
    Kind("ctg-databases", "缓存", "内存里的键值存储，给应用提速", "Cache", "Keys and values in memory, to make applications quick"),
    Kind("ctg-databases", "时序库", "为指标与传感器数据准备的时间序列存储", "Timeseries", "Stores metrics and readings by time"),
    Kind("ctg-developer-tools", "代码托管", "团队自己的 Git 仓库与合并请求", "Git", "Repositories and merge requests of your own"),
    Kind("ctg-developer-tools", "持续集成", "每次提交都构建与测试", "Builds", "Builds and tests every commit"),
    Kind("ctg-developer-tools", "制品库", "保管镜像、软件包与图表", "Registry", "Keeps images, packages and charts"),
    Kind("ctg-sites-and-content", "博客", "写作与发布，主题丰富", "Blog", "Write and publish, in many themes"),
    Kind("ctg-sites-and-content", "知识库", "把团队知道的写在一处", "Wiki", "What a team knows, in one place"),
    Kind("ctg-sites-and-content", "商城", "商品、订单与支付的网店", "Shop", "A shop with goods, orders and payment"),
    Kind("ctg-data-and-intelligence", "报表", "把数据变成每天要看的图", "Reports", "Turns data into the charts of every morning"),
    Kind("ctg-data-and-intelligence", "数据网关", "在系统之间搬运与清洗数据", "Pipelines", "Moves and cleans data between systems"),
    Kind(
        "ctg-data-and-intelligence",
        "智能助手",
        "在自己的机器上回答文档里的问题",
        "Assistant",
        "Answers from your own documents",
    ),
    Kind("ctg-security", "单点登录", "一个账号进入所有系统", "Sign-on", "One account for every system"),
    Kind("ctg-security", "密钥库", "保管密码与证书，并定期轮换", "Vault", "Keeps passwords and certificates, and changes them in time"),
    Kind("ctg-collaboration", "工单", "接收、分派与跟进客户的问题", "Tickets", "Takes, assigns and follows what customers ask"),
    Kind("ctg-collaboration", "文档", "多人同时编辑的文档与表格", "Documents", "Documents and sheets that many edit at once"),
    Kind("ctg-collaboration", "项目管理", "看板、迭代与工时", "Projects", "Boards, sprints and hours"),
    Kind("ctg-monitoring", "监控", "看住每台机器与每个服务", "Watch", "Keeps an eye on every machine and service"),
    Kind("ctg-monitoring", "日志", "收集、检索与保留日志", "Logs", "Collects, finds and keeps what systems say"),
    Kind(
        "ctg-storage-and-backup",
        "对象存储",
        "兼容 S3 的存储，容量随磁盘增长",
        "Objects",
        "Storage that speaks S3",
    ),
    Kind("ctg-storage-and-backup", "网盘", "团队的文件，随处同步", "Drive", "A team's files, everywhere in step"),
    Kind("ctg-uncategorized", "问卷", "做问卷、收答案、看结果", "Forms", "Ask, collect and look at the answers"),
)


def _words(text: str) -> list[str]:
    return text.split()


CHINESE = _words("云帆 星河 青松 蓝鲸 北斗 长风 晨曦 海豚 远山 白鹭 明月 清泉 飞鸿 磐石 翠竹 朝阳 沧浪 天枢 流萤 知秋 归雁 望舒 鲲鹏 若水")
ENGLISH = _words("Anchor Beacon Cedar Delta Ember Fathom Gale Haven Indigo Juniper Keel Lantern Meridian North Osprey Pilot Quay Reef")
CHINESE_EDITIONS = ("", "企业版", "社区版", "轻量版", " Pro")
ENGLISH_EDITIONS = ("", " Enterprise", " Community", " Lite", " Pro")
CITIES = _words("深圳 上海 北京 杭州 成都 广州 南京 武汉 西安 苏州")
TRADES = ("科技", "软件", "数据", "网络")
SURNAMES = _words("陈 林 黄 张 李 王 吴 刘 周 徐 孙 马 朱 胡 郭 何 高 罗 梁 宋")
GIVEN = _words("一诺 子墨 若溪 思远 雨桐 浩然 欣怡 梓萱 文博 嘉树 清和 云舒 知行 景行 书瑶 怀瑾 沐阳 念初")
FIRST = _words("Ada Ben Clara David Emma Felix Grace Hugo Iris Jonas Kate Leo Mia Noah Olive Paul Ruth Sam")
LAST = _words("Adler Brandt Clarke Duval Evans Fischer Green Hale Ivers Jensen Keller Lind Moore Novak Olsen Price")
CHINESE_SHARE = 0.7
REASONS = (
    "请补充使用说明，并注明默认账号如何修改。",
    "镜像用的是 latest，请写明版本。",
    "没有设置资源限制，请在 values.yaml 里补上。",
    "The terms of service are missing.",
    "Probes fail while the database starts; give them more time.",
)


def product(random: Random) -> Product:
    """Make an application up."""
    kind = random.choice(KINDS)
    if random.random() < CHINESE_SHARE:
        name = f"{random.choice(CHINESE)}{kind.chinese}{random.choice(CHINESE_EDITIONS)}"
        return Product(name, f"{kind.chinese_purpose}。", kind.category, [kind.chinese, kind.english.lower()])
    name = f"{random.choice(ENGLISH)} {kind.english}{random.choice(ENGLISH_EDITIONS)}"
    return Product(name, f"{kind.english_purpose}.", kind.category, [kind.english.lower()])


def company(random: Random, number: int) -> str:
    """Make a company up; the number keeps its name apart from the others'."""
    if random.random() < CHINESE_SHARE:
        place, word, trade = random.choice(CITIES), random.choice(CHINESE), random.choice(TRADES)
        return f"{place}{word}{trade}（{number}）"
    return f"{random.choice(ENGLISH)} {random.choice(('Labs', 'Systems', 'Software', 'Works'))} {number}"


def person(random: Random) -> str:
    """Make a name up."""
    if random.random() < CHINESE_SHARE:
        return f"{random.choice(SURNAMES)}{random.choice(GIVEN)}"
    return f"{random.choice(FIRST)} {random.choice(LAST)}"
