"""Files of strangers as they are read: a tree, and lines that stay text."""

from roadstead.reviews.source import MAX_LINES, source_of, tree_of


def test_the_tree_keeps_folders_and_whole_paths() -> None:
    root = tree_of(["values.yaml", "templates/a.yaml", "charts/db/Chart.yaml", "Chart.yaml"], {"Chart.yaml": "M"})
    assert root.files == [("Chart.yaml", "Chart.yaml", "M"), ("values.yaml", "values.yaml", "")]
    assert list(root.folders) == ["charts", "templates"]
    assert root.folders["charts"].folders["db"].files == [("Chart.yaml", "charts/db/Chart.yaml", "")]


def test_markup_in_a_file_is_shown_and_never_interpreted() -> None:
    for path in ("values.yaml", "README.md", "x.unknown", "templates/_helpers.tpl"):
        text = "".join(source_of(path, "a: <script>alert(1)</script>\n").lines)
        assert "<script>" not in text
        assert "&lt;script&gt;" in text or "&lt;" in text


def test_a_very_long_file_is_cut_and_says_so() -> None:
    short, long = source_of("a.txt", "x\n" * MAX_LINES), source_of("a.txt", "x\n" * (MAX_LINES + 1))
    assert (len(short.lines), short.cut) == (MAX_LINES, False)
    assert (len(long.lines), long.cut) == (MAX_LINES, True)
