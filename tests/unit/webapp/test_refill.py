"""A page's form is filled with what was filled in before, and the rest of the page is left as it is."""

from webapp.refill import refilled

TOKEN = ("kept", "a1")
MARK = '<input type="hidden" name="kept" value="a1">'


def filled(page: str, *fields: tuple[str, str], path: str = "/to", note: str = "") -> str:
    answer = refilled(page, "/here", path, fields, note=note, token=TOKEN)
    assert answer is not None
    return answer.replace(MARK, "")


def test_texts_are_put_where_they_were_written_and_lose_no_sign() -> None:
    head = '<h1>é &amp; ü</h1>\n<form action="/to?x=1">'
    page = head + '<input name="a"><textarea name="b">\nold</textarea></form>'
    text = "</textarea><script>&amp;\r\n\"'"
    assert filled(page, ("a", text), ("b", text)) == (
        head + '<input name="a" value="&lt;/textarea&gt;&lt;script&gt;&amp;amp;\r\n&quot;&#x27;">'
        '<textarea name="b">\n&lt;/textarea&gt;&lt;script&gt;&amp;amp;\n&quot;&#x27;</textarea></form>'
    )


def test_boxes_and_choices_are_as_they_were_left() -> None:
    page = (
        '<form action="/to"><input type="checkbox" name="a" value="1" checked>'
        '<input type="checkbox" name="a" value="2"><input type="radio" name="b" value="x" checked>'
        '<input type="radio" name="b" value="y"><select name="c"><option value="">-</option>'
        '<option value="p" selected>P</option><option value="q">Q</option></select></form>'
    )
    assert filled(page, ("a", "2"), ("b", "y"), ("c", "q")) == (
        '<form action="/to"><input type="checkbox" name="a" value="1">'
        '<input type="checkbox" name="a" value="2" checked=""><input type="radio" name="b" value="x">'
        '<input type="radio" name="b" value="y" checked=""><select name="c"><option value="">-</option>'
        '<option value="p">P</option><option value="q" selected="">Q</option></select></form>'
    )


def test_passwords_files_and_the_pages_own_token_are_never_filled() -> None:
    page = (
        '<form action="/to"><input type="hidden" name="csrf_token" value="new">'
        '<input type="password" name="p"><input type="file" name="f"></form>'
    )
    assert filled(page, ("csrf_token", "old"), ("p", "x"), ("f", "x")) == page


def test_of_several_forms_the_one_is_filled_whose_hidden_fields_fit() -> None:
    one = '<form action="/to"><input type="hidden" name="a" value="{}"><input name="t"></form>'
    page = one.format(1) + one.format(2)
    with_text = one.format(2).replace('name="t"', 'name="t" value="x"')
    assert filled(page, ("a", "2"), ("t", "x")) == one.format(1) + with_text


def test_hidden_fields_get_what_was_sent_so_that_a_change_meanwhile_is_seen() -> None:
    page = '<form action="/to"><input type="hidden" name="revision" value="8"></form>'
    assert filled(page, ("revision", "7")) == page.replace("8", "7")


def test_what_stands_outside_is_filled_and_what_is_folded_is_opened() -> None:
    page = (
        '<input name="t" form="f"><details><summary>x</summary><form id="f" action="/other">'
        '<button formaction="/to">y</button></form></details>'
    )
    assert filled(page, ("t", "x"), note="<p>!</p>") == (
        '<input name="t" form="f" value="x"><details open=""><summary>x</summary><p>!</p>'
        '<form id="f" action="/other"><button formaction="/to">y</button></form></details>'
    )


def test_a_form_without_an_address_goes_to_the_page_that_it_stands_on() -> None:
    page = '<form><input name="t"></form><form action="/to"><input name="t"></form>'
    first, second = page.split("</form>", 1)
    with_text = ('name="t"', 'name="t" value="x"')
    assert filled(page, ("t", "x")) == f"{first}</form>{second.replace(*with_text)}"
    assert filled(page, ("t", "x"), path="/here") == f"{first.replace(*with_text)}</form>{second}"


def test_a_page_without_such_a_form_is_none() -> None:
    assert refilled('<form action="/other"></form>', "/here", "/to", [("a", "b")], token=TOKEN) is None
