from qa_audit.messages import speaking
from qa_audit.widgets.trend import trend_html


def test_a_row_a_name_with_its_figures_and_a_line():
    with speaking("zh"):
        html = trend_html(["2026-09", "2026-10"], [("一班", [90.0, 80.0]), ("<b>", [None, 85.25])])
    table = html.split("</style>")[1]
    assert "<th>谁</th>" in table
    assert '<td class="qa-right">90.0</td><td class="qa-right">80.0</td>' in table
    assert '<td class="qa-right">–</td><td class="qa-right">85.3</td>' in table
    assert "&lt;b&gt;" in table
    assert 'points="3.0,3.0 117.0,21.0"' in table
    assert 'aria-label="–、85.3"' in table


def test_a_tenth_of_a_point_is_no_fall():
    html = trend_html(["2026-09", "2026-10"], [("一班", [90.1, 90.0])])
    assert 'points="3.0,11.8 117.0,12.2"' in html


def test_months_without_any_figure_have_an_empty_line():
    assert 'points=""' in trend_html(["2026-10"], [("一班", [None])])
