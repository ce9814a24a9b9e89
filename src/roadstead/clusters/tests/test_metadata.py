"""What nodes learn about their instance, from plain facts."""

from dataclasses import replace

import pytest
from django.utils.translation import override

from roadstead.clusters.errors import NoServerNumberFree
from roadstead.clusters.metadata import Changing, Endpoint, Host, Told, spelled, tree, views
from roadstead.clusters.numbering import Numbers, more_replicas, new_groups, next_number

WEB = Host("cln-1", "i-1", "web", "10.0.0.1", 1, 1, 100_000_000, cpu=2, memory=2048)
DB = Host("cln-2", "i-2", "db", "10.0.0.2", 1, 1, 100_000_001, cpu=1, memory=1024, volume_size=20)
COPY = Host("cln-3", "i-3", "db-replica", "10.0.0.3", 2, 1, 100_000_002, cpu=1, memory=1024, volume_size=20)
TOLD = Told(
    "cl-1",
    {"app_id": "app-1", "subnet": "net-1", "zone": "", "api_server/port": 443, "upgrade-audit/to_app_version": None},
    (WEB, DB, COPY),
    env={"title": "Blog", "debug": False},
    role_env={"db": {"password": "s3cret", "debug": True}},
    endpoints=(Endpoint("http", 80, "tcp", "10.0.0.1"), Endpoint("udp", 53)),
    links={"cache": "cl-9"},
)


def below(prefix: str, told: Told = TOLD) -> dict[str, str]:
    return {path.removeprefix(f"{prefix}/"): value for path, value in tree(told).items() if path.startswith(f"{prefix}/")}


def test_a_host_s_record_has_every_field_that_is_known() -> None:
    full = replace(
        DB, public_key="ssh-rsa A", token="t", eip="203.0.113.1", mac="02:00", instance_class=0, volume_class=3, physical_machine="rack 1"
    )
    assert below("hosts/db/i-2", replace(TOLD, hosts=(full,))) == {
        "ip": "10.0.0.2",
        "sid": "1",
        "gid": "1",
        "gsid": "100000001",
        "node_id": "cln-2",
        "instance_id": "i-2",
        "role": "db",
        "cpu": "1",
        "gpu": "0",
        "memory": "1024",
        "volume_size": "20",
        "instance_size": "20",
        "pub_key": "ssh-rsa A",
        "token": "t",
        "eip": "203.0.113.1",
        "mac": "02:00",
        "instance_class": "0",
        "volume_class": "3",
        "physical_machine": "rack 1",
    }
    assert not {"pub_key", "token", "eip", "mac", "instance_class", "physical_machine"} & below("hosts/db/i-2").keys()


def test_replicas_are_filed_under_their_primaries_role_and_find_themselves_there() -> None:
    assert below("hosts/db/i-3")["role"] == "db"
    assert "hosts/db-replica" not in {path.rpartition("/i-")[0] for path in tree(TOLD)}
    mapped = views(TOLD)["cln-3"]["self"]
    assert mapped["host"] == "/clusters/cl-1/hosts/db/i-3"
    assert mapped["env"] == "/clusters/cl-1/env/db"


def test_the_role_without_a_name_has_no_level_of_its_own() -> None:
    alone = replace(TOLD, hosts=(replace(WEB, role=""),), role_env={}, changing=Changing())
    assert tree(alone)["hosts/i-1/ip"] == "10.0.0.1"
    assert "hosts/i-1/role" not in tree(alone)
    assert tree(alone)["env/title"] == "Blog"
    mapped = views(alone)["cln-1"]["self"]
    assert (mapped["host"], mapped["env"]) == ("/clusters/cl-1/hosts/i-1", "/clusters/cl-1/env")


def test_a_role_sees_the_cluster_s_parameters_under_its_own() -> None:
    assert below("env/web") == {"title": "Blog", "debug": "false"}
    assert below("env/db") == {"title": "Blog", "debug": "true", "password": "s3cret"}
    assert below("env/idle", replace(TOLD, roles=("idle",))) == {"title": "Blog", "debug": "false"}


def test_the_cluster_s_record_has_both_spellings_and_nothing_empty() -> None:
    assert below("cluster") == {
        "cluster_id": "cl-1",
        "app_id": "app-1",
        "subnet": "net-1",
        "vxnet": "net-1",
        "api_server/port": "443",
        "endpoints/http/port": "80",
        "endpoints/http/protocol": "tcp",
        "endpoints/http/host": "10.0.0.1",
        "endpoints/udp/port": "53",
    }
    assert below("endpoints") == {"http/port": "80", "http/protocol": "tcp", "udp/port": "53"}


@pytest.mark.parametrize(
    ("changing", "where"),
    [
        (Changing(adding=(COPY,)), "adding-hosts"),
        (Changing(deleting=(COPY,)), "deleting-hosts"),
        (Changing(resizing=(COPY,)), "vertical-scaling-hosts"),
        (Changing(stopping=(COPY,)), "stopping-hosts"),
        (Changing(starting=(COPY,)), "starting-hosts"),
    ],
)
def test_an_operation_is_told_with_whole_records(changing: Changing, where: str) -> None:
    told = replace(TOLD, changing=changing)
    assert below(f"{where}/db/i-3", told) == below("hosts/db/i-3")
    assert {path.partition("/")[0] for path in tree(told)} - {path.partition("/")[0] for path in tree(TOLD)} == (
        {where, "vertical-scaling-roles"} if changing.resizing else {where}
    )


def test_resizing_names_the_roles_with_their_replicas() -> None:
    told = replace(TOLD, changing=Changing(resizing=(WEB, COPY)))
    assert tree(told)["vertical-scaling-roles"] == "db-replica,web"


def test_a_node_being_added_has_a_view_already() -> None:
    told = replace(TOLD, hosts=(WEB,), changing=Changing(adding=(DB,)))
    assert set(views(told)) == {"cln-1", "cln-2"}


def test_a_node_s_view() -> None:
    root = "/clusters/cl-1"
    assert views(TOLD)["cln-1"] == {
        "self": {
            "host": f"{root}/hosts/web/i-1",
            "hosts": f"{root}/hosts",
            "cluster": f"{root}/cluster",
            "env": f"{root}/env/web",
            "cmd": f"{root}/cmd/i-1",
            "endpoints": f"{root}/endpoints",
            "adding-hosts": f"{root}/adding-hosts",
            "deleting-hosts": f"{root}/deleting-hosts",
            "stopping-hosts": f"{root}/stopping-hosts",
            "starting-hosts": f"{root}/starting-hosts",
            "vertical-scaling-hosts": f"{root}/vertical-scaling-hosts",
            "vertical-scaling-roles": f"{root}/vertical-scaling-roles",
            "scaling-hosts": f"{root}/vertical-scaling-hosts",
            "links/cache": "/clusters/cl-9",
        }
    }
    assert views(replace(TOLD, root_access=True))["cln-1"]["clusters"] == {"": "/clusters"}


def test_links_stand_in_the_tree() -> None:
    assert below("links") == {"cache": "cl-9"}


@pytest.mark.parametrize(
    ("value", "text"),
    [(True, "true"), (7, "7"), (0.5, "0.5"), ("a b", "a b"), ("", ""), (None, ""), ([1, "ü"], '[1, "ü"]'), ({"a": None}, '{"a": null}')],
)
def test_values_are_spelled_as_json_spells_them(value: object, text: str) -> None:
    assert spelled(value) == text


@pytest.mark.parametrize("key", ["a/b", "a b", "名称", "", "..", "/"])
def test_odd_names_of_parameters_stay_below_their_role(key: str) -> None:
    told = replace(TOLD, role_env={"db": {key: "1"}})
    assert tree(told)[f"env/db/{key}"] == "1"
    assert {path for path in tree(told) if not path.startswith("env/db/")} == {
        path for path in tree(TOLD) if not path.startswith("env/db/")
    }


@pytest.mark.parametrize(
    ("taken", "bound", "number"),
    [((), None, 1), ((1, 2, 3), None, 4), ((1, 5), None, 6), ((1, 5), 5, 4), ((5, 4, 2), 5, 3), ((), 1, 1), ((7,), 5, 5)],
)
def test_numbers_grow_and_then_fill_the_gaps_from_above(taken: tuple[int, ...], bound: int | None, number: int) -> None:
    assert next_number(taken, bound) == number


def test_no_number_left_is_refused_with_the_bound() -> None:
    with pytest.raises(NoServerNumberFree) as refused:
        next_number({1, 2}, 2)
    assert refused.value.code == "validate_failed"
    with override("en"):
        assert "from 1 to 2" in refused.value.message


def test_a_primary_and_its_replicas_share_a_group() -> None:
    first = list(new_groups(2, 1))
    assert first == [(Numbers(1, 1), Numbers(2, 1)), (Numbers(3, 2), Numbers(4, 2))]
    taken = [numbers for group in first for numbers in group]
    assert list(new_groups(1, 1, taken=taken)) == [(Numbers(5, 3), Numbers(6, 3))]
    assert list(more_replicas(1, taken=taken)) == [(Numbers(5, 1),), (Numbers(6, 2),)]


def test_a_bound_holds_for_a_role_as_a_whole() -> None:
    assert list(new_groups(1, 2, bound=3)) == [(Numbers(1, 1), Numbers(2, 1), Numbers(3, 1))]
    with pytest.raises(NoServerNumberFree):
        list(new_groups(1, 3, bound=3))
    assert list(new_groups(1, 0, taken=[Numbers(2, 2), Numbers(3, 3)], bound=3)) == [(Numbers(1, 1),)]
