"""Packages for machines that are wrong: each kind of problem with its place, and its words in both languages."""

import pytest

from roadstead.core.problems import ProblemKind
from roadstead.packaging import services
from roadstead.packaging.factories import vm
from roadstead.packaging.tests import test_vm_answers, vm_cases
from roadstead.packaging.tests.saying import Case
from roadstead.packaging.tests.vm_wrong import template_with
from roadstead.packaging.vm import kinds

CASES = [
    *vm_cases.CASES,
    Case(
        "parse",
        lambda: template_with('"name": "{{.cluster.name}}"', '"name": "{{.cluster.name"'),
        "template_parse",
        "cluster.json.tmpl",
        "2",
        "The template can't be read: bad character U+0022 '\"'",
        "无法读取模板：bad character U+0022 '\"'",
    ),
    Case(
        "fails",
        lambda: template_with('"name": "{{.cluster.name}}"', '"name": "{{div 1 0}}"'),
        "template_failed",
        "cluster.json.tmpl",
        "2:14",
        "The template fails: at <div 1 0>: error calling div: division by zero",
        "模板出错：at <div 1 0>: error calling div: division by zero",
    ),
    Case(
        "costly",
        lambda: template_with('"name": "{{.cluster.name}}"', '"name": "{{define `a`}}{{template `a`}}{{end}}{{template `a`}}"'),
        "template_too_costly",
        "cluster.json.tmpl",
        "2:37",
        'The template takes too much work or output and was stopped: at <{{template "a"}}>: exceeded maximum template depth (100)',
        '模板的步骤或输出过多，已停止：at <{{template "a"}}>: exceeded maximum template depth (100)',
    ),
    Case(
        "no JSON",
        lambda: template_with('"nodes": [{', '"nodes": [{,'),
        "template_json",
        "cluster.json.tmpl",
        "5",
        'What the template makes isn\'t valid JSON in line 5: Expecting property name enclosed in double quotes, near “"nodes": [{,”.',
        '模板的结果在第 5 行不是有效的 JSON：Expecting property name enclosed in double quotes，在“"nodes": [{,”附近。',
    ),
    Case(
        "D1",
        lambda: template_with('  "description": "{{.cluster.description}}",\n', ""),
        "missing_field",
        "cluster.json.tmpl",
        "",
        "“description” is missing. Add it.",
        "缺少“description”，请补上。",
    ),
    Case(
        "D2",
        lambda: template_with('"{{.cluster.db.count}}"', '"many"'),
        "wrong_type",
        "cluster.json.tmpl",
        "nodes[0].count",
        "Expected integer, found string.",
        "应当是 integer，实际是 string。",
    ),
    Case(
        "D3",
        lambda: template_with('"role": "db",', '"role": "db", "colour": "red",'),
        "unknown_field",
        "cluster.json.tmpl",
        "nodes[0].colour",
        "The field “colour” isn't known here and has no effect. Check its spelling.",
        "这里没有“colour”这个字段，它不起作用，请检查拼写。",
    ),
    Case(
        "D3 ignored",
        lambda: template_with('"nodes": [{', '"need_tag": true, "nodes": [{'),
        "ignored_field",
        "cluster.json.tmpl",
        "need_tag",
        "The field “need_tag” is accepted, but has no effect here.",
        "字段“need_tag”可以保留，但在这里不起作用。",
    ),
    Case(
        "D4 too many",
        lambda: template_with(
            '"nodes": [{', '"nodes": [{{range 100}}{"container": {"type": "docker", "image": "x"}, "count": 1}, {{end}}{'
        ),
        "too_many_roles",
        "cluster.json.tmpl",
        "nodes",
        "There are 101 roles; at most 100 are allowed.",
        "有 101 个角色，最多 100 个。",
    ),
    Case(
        "D4 twice",
        lambda: template_with('"nodes": [{', '"nodes": [{"role": "db", "container": {"type": "docker", "image": "x"}, "count": 1}, {'),
        "duplicate_role",
        "cluster.json.tmpl",
        "nodes[1].role",
        "The role “db” occurs twice. Rename one.",
        "角色“db”出现了两次，请改掉一个。",
    ),
    Case(
        "D5",
        lambda: template_with('"container": {"type": "docker", "image": "example/db:1.0"},\n    ', ""),
        "missing_field",
        "cluster.json.tmpl",
        "nodes[0]",
        "“container” is missing. Add it.",
        "缺少“container”，请补上。",
    ),
    Case(
        "D6",
        lambda: template_with('"type": "docker"', '"type": "podman"'),
        "bad_value",
        "cluster.json.tmpl",
        "nodes[0].container.type",
        'Expected docker, kvm, lxc, bm, found "podman". Change it.',
        '应当是 docker, kvm, lxc, bm，实际是 "podman"，请改正。',
    ),
    Case(
        "D6 long",
        lambda: template_with('"example/db:1.0"', '"{{printf `%2049d` 1}}"'),
        "bad_value_length",
        "cluster.json.tmpl",
        "nodes[0].container.image",
        "The text has 2049 characters; at most 2048 are allowed. Shorten it.",
        "文本有 2049 个字符，最多 2048 个，请缩短。",
    ),
    Case(
        "D7",
        lambda: template_with('"{{.cluster.db.count}}"', "201"),
        "out_of_bounds",
        "cluster.json.tmpl",
        "nodes[0].count",
        "201 is outside of the range from 0 to 200.",
        "201 超出范围 0 到 200。",
    ),
    Case(
        "D8 twice",
        lambda: template_with('"nodes": [{', '"advanced_actions": ["add_nodes", "add_nodes"], "nodes": [{'),
        "doubled",
        "cluster.json.tmpl",
        "advanced_actions[1]",
        '"add_nodes" is listed twice. Remove one.',
        '"add_nodes" 列出了两次，请删去一个。',
    ),
    Case(
        "D9",
        lambda: template_with('"/data"', '"data"'),
        "bad_value",
        "cluster.json.tmpl",
        "nodes[0].volume.mount_point",
        'Expected /path, d: … z:, found "data". Change it.',
        '应当是 /path, d: … z:，实际是 "data"，请改正。',
    ),
    Case(
        "D10 no command",
        lambda: template_with('{"cmd": "init.sh"}', "{}"),
        "bad_service",
        "cluster.json.tmpl",
        "nodes[0].services.init",
        "The service can't be used: expected cmd, found null.",
        "这个服务不能使用：应当是 cmd，实际是 null。",
    ),
    Case(
        "D10 many",
        lambda: template_with('"services": {', '"services": { {{range $i := 19}}"s{{$i}}": {"cmd": "x", "type": "custom"}, {{end}}'),
        "too_many_services",
        "cluster.json.tmpl",
        "nodes[0].services",
        "There are 22 services; at most 21 are allowed.",
        "有 22 个服务，最多 21 个。",
    ),
    Case(
        "D10 timeout",
        lambda: template_with('{"cmd": "init.sh"}', '{"cmd": "init.sh", "timeout": 86401}'),
        "bad_service",
        "cluster.json.tmpl",
        "nodes[0].services.init.timeout",
        "The service can't be used: expected ≤ 86400, found 86401.",
        "这个服务不能使用：应当是 ≤ 86400，实际是 86401。",
    ),
    Case(
        "D11",
        lambda: template_with('"{{.cluster.db.count}}"', "0"),
        "empty_cluster",
        "cluster.json.tmpl",
        "nodes",
        "The cluster has no node. Set the count of a role to 1 or more.",
        "集群里没有节点，请把某个角色的 count 设为 1 或更多。",
    ),
    Case(
        "D12 replica",
        lambda: template_with('"role": "db",', '"role": "db-replica",'),
        "reserved_role_name",
        "cluster.json.tmpl",
        "nodes[0].role",
        "The role's name “db-replica” ends in -replica, which is reserved. Rename it.",
        "角色名“db-replica”以 -replica 结尾，这是保留名称，请改名。",
    ),
    Case(
        "D12 no section",
        lambda: template_with('"role": "db",', '"role": "web",'),
        "bad_role_name",
        "cluster.json.tmpl",
        "nodes[0].role",
        "The role “web” has no section below cluster in config.json. Add one, or rename it.",
        "角色“web”在 config.json 的 cluster 下没有对应的一节，请补上，或改名。",
    ),
    Case(
        "D13",
        lambda: template_with('"{{.cluster.db.volume_size}}", "mount_point": "/data"', '1, "mount_point": ["/a", "/b"]'),
        "volume_too_small",
        "cluster.json.tmpl",
        "nodes[0].volume.size",
        "1 GiB can't be split over 2 mount points. Make it larger.",
        "1 GiB 分不到 2 个挂载点上，请加大。",
    ),
    Case(
        "D14",
        lambda: template_with('"role": "db",', '"role": "db", "replica": 2, "server_id_upper_bound": 2,'),
        "server_id_exhausted",
        "cluster.json.tmpl",
        "nodes[0].server_id_upper_bound",
        "3 nodes don't fit below the server_id_upper_bound of 2.",
        "3 个节点超过了 server_id_upper_bound（2）。",
    ),
    Case(
        "D15",
        lambda: template_with('"role": "db",', '"role": "db", "monitor": {"items": {"a": {}}, "alarm": ["b"]},'),
        "bad_value",
        "cluster.json.tmpl",
        "nodes[0].monitor.alarm",
        'Expected a, found "b". Change it.',
        '应当是 a，实际是 "b"，请改正。',
    ),
    Case(
        "D15 tabs",
        lambda: template_with(
            '"nodes": [{', '"display_tabs": { {{range $i := 6}}{{if $i}}, {{end}}"t{{$i}}": {"cmd": "x"}{{end}} }, "nodes": [{'
        ),
        "too_many_tabs",
        "cluster.json.tmpl",
        "display_tabs",
        "There are 6 tabs; at most 5 are allowed.",
        "有 6 个标签页，最多 5 个。",
    ),
    Case(
        "D16",
        lambda: template_with('"nodes": [{', '"links": {"zk": ""}, "nodes": [{'),
        "bad_link",
        "cluster.json.tmpl",
        "links.zk",
        "The link “zk” isn't an item of type service in config.json. Add it there.",
        "关联“zk”在 config.json 里没有对应的 service 类型的项，请补上。",
    ),
    Case(
        "D17",
        lambda: template_with('"db.env.port"', '"db.env.ports"'),
        "bad_endpoint",
        "cluster.json.tmpl",
        "endpoints.db.port",
        'The port "db.env.ports" is neither a port nor a parameter that holds one, such as env.port or role.env.port.',
        '端口 "db.env.ports" 既不是端口号，也不是存有端口号的参数，例如 env.port 或 role.env.port。',
    ),
    Case(
        "D18",
        lambda: template_with('{"cmd": "init.sh"}', '{"cmd": "init.sh", "nodes_to_execute_on": 0}'),
        "bad_value",
        "cluster.json.tmpl",
        "nodes[0].services.init.nodes_to_execute_on",
        "Expected ≥ 1, found 0. Change it.",
        "应当是 ≥ 1，实际是 0，请改正。",
    ),
    Case(
        "weak key",
        lambda: template_with('"role": "db",', '"role": "db", "passphraseless": "ssh-dsa",'),
        "weak_key",
        "cluster.json.tmpl",
        "nodes[0].passphraseless",
        "ssh-dsa is too weak. Keys of RSA with 3072 bits are made instead.",
        "ssh-dsa 强度不够，会改用 3072 位的 RSA 密钥。",
    ),
    Case(
        "mustache",
        lambda: vm({"cluster.json.tmpl": None, "cluster.json.mustache": "{{#cluster}}{}{{/cluster}}"}),
        "mustache_tag",
        "cluster.json.mustache",
        "1",
        "The tag “{{#cluster}}” isn't supported. Only names of values are; rewrite it as cluster.json.tmpl.",
        "不支持标签“{{#cluster}}”，只能写值的名称。请改写为 cluster.json.tmpl。",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_bad_package_is_refused_and_an_odd_one_warned_of(case: Case) -> None:
    report = services.check(case.data())
    case.holds([*report.problems, *report.warnings])
    assert report.ok == (case.code in kinds.WARNINGS)


def test_each_kind_is_asserted_somewhere() -> None:
    declared = {kind.code for kind in vars(kinds).values() if isinstance(kind, ProblemKind)}
    assert declared == ({case.code for case in CASES} & declared) | {case.code for case in test_vm_answers.CASES}


@pytest.mark.parametrize("name", ["package.json", "config.json", "cluster.json.tmpl"])
def test_each_file_must_be_there_and_be_text(name: str) -> None:
    assert ("file_missing", name) in [(problem.code, problem.file) for problem in services.check(vm({name: None})).problems]
    assert ("not_utf8", name) in [(problem.code, problem.file) for problem in services.check(vm({name: b"\xff"})).problems]
