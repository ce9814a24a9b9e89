"""Every problem that a package for machines and the answers to it can have. A value of a password is never among the parameters."""

from django.utils.translation import gettext_lazy as _

from roadstead.core.problems import problem_kind

# package.json
NAME_EMPTY = problem_kind("vm_name_empty", _("The package's name is empty. Write it into package.json."))
NAME_INVALID = problem_kind(
    "vm_name_invalid",
    _("The name “%(found)s” may only have up to 64 letters, digits, blanks, “.”, “_” and “-”, the first a letter or digit."),
)
VERSION_INVALID = problem_kind("vm_version_invalid", _("The version “%(found)s” isn't a semantic version such as 1.2.3."))
API_VERSION = problem_kind("vm_api_version", _("api_version must be v1, not “%(found)s”."))
API_VERSIONS_DIFFER = problem_kind("vm_api_versions_differ", _("api_version and apiVersion disagree. Keep one of them."))

# Fields of all three files
MISSING_FIELD = problem_kind("missing_field", _("“%(name)s” is missing. Add it."))
WRONG_TYPE = problem_kind("wrong_type", _("Expected %(expected)s, found %(found)s."))
BAD_VALUE = problem_kind("bad_value", _("Expected %(expected)s, found %(found)s. Change it."))
BAD_VALUE_LENGTH = problem_kind("bad_value_length", _("The text has %(found)s characters; at most %(limit)s are allowed. Shorten it."))
DOUBLED = problem_kind("doubled", _("%(found)s is listed twice. Remove one."))
OUT_OF_BOUNDS = problem_kind("out_of_bounds", _("%(found)s is outside of the range from %(low)s to %(high)s."))
UNKNOWN_FIELD = problem_kind("unknown_field", _("The field “%(name)s” isn't known here and has no effect. Check its spelling."))
IGNORED_FIELD = problem_kind("ignored_field", _("The field “%(name)s” is accepted, but has no effect here."))
WEAK_KEY = problem_kind("weak_key", _("ssh-dsa is too weak. Keys of RSA with 3072 bits are made instead."))

# config.json
BAD_KEY = problem_kind("bad_key", _("The item has no usable key: %(found)s. Give it a name without blanks."))
DUPLICATE_ITEM = problem_kind("duplicate_item", _("The key “%(name)s” occurs twice in this group. Rename one."))
UNKNOWN_TYPE = problem_kind("unknown_type", _("%(found)s isn't a type. Known are: %(expected)s."))
EMPTY_GROUP = problem_kind("empty_group", _("The group has no items. Give it properties, or remove it."))
LIMITS_CROSSED = problem_kind("limits_crossed", _("min (%(low)s) is greater than max (%(high)s). Swap them."))
NO_DEFAULT = problem_kind("no_default", _("The item is neither required nor has it a default. The empty value of its type is used."))

# Answers (V1 to V16)
NOT_INTEGER = problem_kind("not_integer", _("Expected a whole number, found %(found)s."))
ABOVE_MAX = problem_kind("above_max", _("%(found)s is more than the most allowed, %(limit)s."))
BELOW_MIN = problem_kind("below_min", _("%(found)s is less than the least allowed, %(limit)s."))
NOT_ON_STEP = problem_kind("not_on_step", _("%(found)s isn't a multiple of %(step)s."))
NOT_NUMBER = problem_kind("not_number", _("Expected a number, found %(found)s."))
NOT_STRING = problem_kind("not_string", _("Expected text, found %(found)s."))
REQUIRED = problem_kind("required", _("This is required. Fill it in."))
NOT_BOOLEAN = problem_kind("not_boolean", _("Expected true or false, found %(found)s."))
NOT_A_GROUP = problem_kind("not_a_group", _("Expected an object with the values of this group, found %(found)s."))
NOT_IN_RANGE = problem_kind("not_in_range", _("%(found)s isn't one of %(expected)s."))
PATTERN_MISMATCH = problem_kind("pattern_mismatch", _("%(found)s doesn't match the pattern %(expected)s."))
UNKNOWN_KEY = problem_kind("unknown_key", _("“%(name)s” isn't asked for by this package. Remove it."))
NOT_CHANGEABLE = problem_kind("not_changeable", _("This can't be changed after creation."))
NOT_ASKED = problem_kind("not_asked", _("This is fixed by the package and can't be chosen."))
LINK_NOT_ALLOWED = problem_kind(
    "link_not_allowed", _("“%(found)s” can't be linked: it isn't allowed, isn't running, or is in another network.")
)

# cluster.json.tmpl
TEMPLATE_PARSE = problem_kind("template_parse", _("The template can't be read: %(reason)s"))
TEMPLATE_FAILED = problem_kind("template_failed", _("The template fails: %(reason)s"))
TEMPLATE_COSTLY = problem_kind("template_too_costly", _("The template takes too much work or output and was stopped: %(reason)s"))
TEMPLATE_JSON = problem_kind("template_json", _("What the template makes isn't valid JSON in line %(line)s: %(reason)s, near “%(near)s”."))
MUSTACHE_TAG = problem_kind(
    "mustache_tag", _("The tag “%(found)s” isn't supported. Only names of values are; rewrite it as cluster.json.tmpl.")
)

# The cluster that comes out (D1 to D18)
TOO_MANY_ROLES = problem_kind("too_many_roles", _("There are %(found)s roles; at most %(limit)s are allowed."))
DUPLICATE_ROLE = problem_kind("duplicate_role", _("The role “%(name)s” occurs twice. Rename one."))
BAD_SERVICE = problem_kind("bad_service", _("The service can't be used: expected %(expected)s, found %(found)s."))
TOO_MANY_SERVICES = problem_kind("too_many_services", _("There are %(found)s services; at most %(limit)s are allowed."))
TOO_MANY_TABS = problem_kind("too_many_tabs", _("There are %(found)s tabs; at most %(limit)s are allowed."))
EMPTY_CLUSTER = problem_kind("empty_cluster", _("The cluster has no node. Set the count of a role to 1 or more."))
RESERVED_ROLE_NAME = problem_kind("reserved_role_name", _("The role's name “%(name)s” ends in -replica, which is reserved. Rename it."))
BAD_ROLE_NAME = problem_kind("bad_role_name", _("The role “%(name)s” has no section below cluster in config.json. Add one, or rename it."))
VOLUME_TOO_SMALL = problem_kind("volume_too_small", _("%(found)s GiB can't be split over %(count)s mount points. Make it larger."))
SERVER_ID_EXHAUSTED = problem_kind("server_id_exhausted", _("%(found)s nodes don't fit below the server_id_upper_bound of %(limit)s."))
BAD_LINK = problem_kind("bad_link", _("The link “%(name)s” isn't an item of type service in config.json. Add it there."))
BAD_ENDPOINT = problem_kind(
    "bad_endpoint", _("The port %(found)s is neither a port nor a parameter that holds one, such as env.port or role.env.port.")
)

WARNINGS = frozenset(kind.code for kind in (UNKNOWN_FIELD, IGNORED_FIELD, WEAK_KEY, NO_DEFAULT))  # told, but accepted
