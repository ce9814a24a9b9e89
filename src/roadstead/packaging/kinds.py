"""Every problem a package can have: a stable code and the sentence for people. Sizes are in MiB."""

from django.utils.translation import gettext_lazy as _

from roadstead.core.problems import problem_kind

# The archive
TOO_LARGE = problem_kind("package_too_large", _("The file is larger than %(limit)s MiB."))
NOT_AN_ARCHIVE = problem_kind("not_an_archive", _("This isn't a tar, tar.gz, tar.bz2 or zip archive."))
ARCHIVE_DAMAGED = problem_kind("archive_damaged", _("The archive is damaged or cut off. Pack it again."))
ARCHIVE_EMPTY = problem_kind("archive_empty", _("The archive contains no file."))
ARCHIVE_ENCRYPTED = problem_kind("archive_encrypted", _("The archive is protected by a password. Pack it without one."))
UNPACKED_TOO_LARGE = problem_kind("unpacked_too_large", _("Unpacked, the archive takes more than %(limit)s MiB."))
RATIO_TOO_HIGH = problem_kind(
    "ratio_too_high", _("The archive unpacks to more than %(limit)s times its size, as a decompression bomb does.")
)
TOO_MANY_ENTRIES = problem_kind("too_many_entries", _("The archive has more than %(limit)s entries."))
TOO_DEEP = problem_kind("path_too_deep", _("The path has more than %(limit)s levels."))
PATH_ABSOLUTE = problem_kind("path_absolute", _("The path is absolute. Pack the folder with relative paths."))
PATH_TRAVERSAL = problem_kind("path_traversal", _("The path leaves the package through “..”."))
PATH_UNREADABLE = problem_kind("path_unreadable", _("The file name isn't UTF-8 text or holds control characters. Rename the file."))
PATH_DUPLICATE = problem_kind("path_duplicate", _("The archive holds this path more than once."))
PATH_CASE_COLLISION = problem_kind("path_case_collision", _("The path differs from “%(other)s” only in upper and lower case. Rename one."))
ENTRY_LINK = problem_kind("entry_link", _("Links aren't accepted. Pack the file itself."))
ENTRY_SPECIAL = problem_kind("entry_special", _("Only ordinary files and folders are accepted, no devices, pipes or sparse files."))
NO_TOP_FOLDER = problem_kind("no_top_folder", _("The file lies outside of a top folder. Pack the folder, not its content."))
SEVERAL_TOP_FOLDERS = problem_kind("several_top_folders", _("The archive has several top folders: %(names)s. Pack exactly one."))
FILE_TOO_LARGE = problem_kind("file_too_large", _("The file is larger than %(limit)s MiB; Helm doesn't load it."))
MORE_PROBLEMS = problem_kind("more_problems", _("There are %(count)s more problems. Mend these first."))

# Texts
NOT_UTF8 = problem_kind("not_utf8", _("The file isn't UTF-8 text."))
DOCUMENT_TOO_LARGE = problem_kind("document_too_large", _("The file is too large to be read: more than %(limit)s KiB."))
DOCUMENT_TOO_DEEP = problem_kind("document_too_deep", _("The content is nested more than %(limit)s levels deep."))
YAML_ALIASES = problem_kind("yaml_aliases", _("With its aliases written out, this YAML has more than %(limit)s values."))
YAML_SYNTAX = problem_kind("yaml_syntax", _("This isn't valid YAML: %(reason)s."))
JSON_SYNTAX = problem_kind("json_syntax", _("This isn't valid JSON: %(reason)s."))
DUPLICATE_KEY = problem_kind("duplicate_key", _("The key “%(key)s” occurs twice. Remove one."))
NOT_A_MAPPING = problem_kind("not_a_mapping", _("Expected a mapping of names to values."))

# The package
PACKAGE_UNKNOWN = problem_kind("package_unknown", _("Neither Chart.yaml (Helm) nor package.json (VM) is in the top folder."))
FILE_MISSING = problem_kind("file_missing", _("The file isn't in the package."))

# The chart
CHART_MISPLACED = problem_kind(
    "chart_misplaced", _("Chart.yaml lies here, but must be directly in the top folder. Pack the chart's own folder.")
)
CHART_API_VERSION = problem_kind("chart_api_version", _("apiVersion must be v1 or v2, not “%(found)s”."))
CHART_NAME_EMPTY = problem_kind("chart_name_empty", _("The chart's name is empty."))
CHART_NAME_INVALID = problem_kind("chart_name_invalid", _("The chart's name “%(found)s” may only have letters, digits, “.”, “_” and “-”."))
CHART_VERSION_INVALID = problem_kind("chart_version_invalid", _("The version “%(found)s” isn't a semantic version such as 1.2.3."))
CHART_FIELD_NOT_TEXT = problem_kind("chart_field_not_text", _("The field must be text. Put its value in quotes."))
CHART_FIELD_NOT_LIST = problem_kind("chart_field_not_list", _("The field must be a list."))
CHART_LIBRARY = problem_kind("chart_library", _("A library chart can't be installed. Set type to application."))
VALUES_TOML = problem_kind("values_toml", _("values.toml is no longer understood. Use values.yaml."))
DEPENDENCY_UNNAMED = problem_kind("dependency_unnamed", _("The dependency has no name."))
DEPENDENCY_MISSING = problem_kind(
    "dependency_missing",
    _("The dependency “%(name)s” isn't in charts/. Run “helm dependency update” and pack again; nothing is downloaded."),
)
SUBCHARTS_TOO_DEEP = problem_kind("subcharts_too_deep", _("Charts lie in charts more than %(limit)s levels deep."))

# The schema, and values against it
SCHEMA_INVALID = problem_kind("schema_invalid", _("This isn't a valid JSON Schema: %(reason)s"))
SCHEMA_UNKNOWN = problem_kind("schema_unknown", _("“%(found)s” isn't a known version of JSON Schema."))
SCHEMA_REMOTE = problem_kind(
    "schema_remote_ref", _("The schema refers to “%(found)s” outside of this file. Nothing is fetched: copy it into the schema.")
)
SCHEMA_PATTERN = problem_kind(
    "schema_pattern", _("The pattern “%(found)s” can't be used. Look-around and back-references aren't supported.")
)
SCHEMA_COSTLY = problem_kind("schema_too_costly", _("The schema takes too much work to check. Make it simpler."))
VALUE_REQUIRED = problem_kind("value_required", _("“%(name)s” is required."))
VALUE_TYPE = problem_kind("value_type", _("Expected %(expected)s, found %(found)s."))
VALUE_UNKNOWN = problem_kind("value_unknown", _("“%(name)s” isn't a value this chart knows."))
VALUE_CHOICE = problem_kind("value_choice", _("%(found)s isn't one of %(expected)s."))
VALUE_RANGE = problem_kind("value_range", _("%(found)s is outside of the range: %(rule)s %(expected)s."))
VALUE_PATTERN = problem_kind("value_pattern", _("%(found)s doesn't match the pattern %(expected)s."))
VALUE_RULE = problem_kind("value_rule", _("The value breaks the rule “%(rule)s” of the chart's schema."))

# Rendering
RENDER_FAILED = problem_kind("render_failed", _("The template fails with the default values: %(reason)s"))
RENDER_VALUES = problem_kind("render_values", _("Helm refuses the default values: %(reason)s"))
RENDER_REFUSED = problem_kind("render_refused", _("Helm can't load the chart: %(reason)s"))
RENDER_TIMEOUT = problem_kind("render_timeout", _("Rendering didn't end within %(limit)s seconds and was stopped."))
RENDER_MEMORY = problem_kind("render_memory", _("Rendering took more memory than allowed and was stopped."))
RENDER_OUTPUT = problem_kind("render_output", _("The rendered manifests are larger than %(limit)s MiB."))
RENDER_CRASHED = problem_kind("render_crashed", _("Helm ended without an answer, so the templates couldn't be checked: %(reason)s"))
MANIFEST_YAML = problem_kind(
    "manifest_yaml", _("With the default values, the rendered text isn't valid YAML in line %(line)s: %(reason)s.")
)
MANIFEST_INCOMPLETE = problem_kind("manifest_incomplete", _("A rendered object has no apiVersion or no kind."))
