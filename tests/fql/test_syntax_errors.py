"""Each mistake is told with its place and with what was probably meant."""

from __future__ import annotations

import pickle

import pytest

from segform import fql

MISTAKES = [
    # text, line, column, words of the message, words of the mend
    ("", 1, 1, "empty", "Write `all`"),
    (" \n ", 1, 1, "empty", "Write `all`"),
    ('event == "x"', 1, 7, "no `==`", "Did you mean `=`?"),
    ('type = "track" AND event = "x"', 1, 16, "no `AND`", "Did you mean `and`?"),
    ('type = "track"\n  OR event = "x"', 2, 3, "no `OR`", "Did you mean `or`?"),
    ("a && b", 1, 3, "no `&&`", "Did you mean `and`?"),
    ("a || b", 1, 3, "no `||`", "Did you mean `or`?"),
    ("a | b", 1, 3, "| has no meaning", "Did you mean `or`?"),
    ("a & b", 1, 3, "& has no meaning", "Did you mean `and`?"),
    ("a ~ 'x'", 1, 3, "~ has no meaning", "Did you mean `match(…)`?"),
    ("not a", 1, 1, "no `not`", "Did you mean `!`?"),
    ("NOT (a = 1) = 2 = 3", 1, 17, "not chained", "join with `and`"),
    ("a not in [1]", 1, 3, "no `not in`", "!(field in [...])"),
    ("a is null", 1, 3, "no `is`", "Did you mean `=`?"),
    ("a = 1 and b eq 2", 1, 13, "no `eq`", "Did you mean `=`?"),
    ('a like "x%"', 1, 3, "no `like`", "match(field"),
    ('a contains "x"', 1, 3, "`contains` is a function", "contains(field, text)"),
    ("a <> 1", 1, 4, "`<>` is no operator", "Did you mean `!=`?"),
    ("a === 1", 1, 3, "no `==`", "Did you mean `=`?"),
    ("a !== 1", 1, 5, "`!==` is no operator", "Did you mean `!=`?"),
    ("a =< 1", 1, 4, "`=<` is no operator", "Did you mean `<=`?"),
    ("a => 1", 1, 4, "`=>` is no operator", "Did you mean `>=`?"),
    ("a = = 1", 1, 5, "written once", "Did you mean `=`?"),
    ("1 < a < 5", 1, 7, "not chained", "join with `and`"),
    ("a = b = c", 1, 7, "not chained", "join with `and`"),
    ('type = "track", event = "x"', 1, 15, "comma does not join", "Did you mean `and`?"),
    # quotes
    ('event = "Order Completed', 1, 9, 'quote " is not closed', 'mean "Order Completed" ?'),
    ('userId = oops"', 1, 14, 'quote " is not closed', 'Did you mean "oops" ?'),
    ("event = 'x", 1, 9, "quote ' is not closed", "mean 'x' ?"),
    ('event = "', 1, 9, 'quote " is not closed', "Close it"),
    ("event = Order Completed", 1, 15, "Completed follows", 'Did you mean "Order Completed" ?'),
    ('event = "A and type = "track"', 1, 24, "track follows", "quote missing in the text that"),
    ("event = “x”", 1, 9, "typographic", 'Did you mean " ?'),
    ("event = \u2018x\u2019", 1, 9, "typographic", "Did you mean ' ?"),
    ("event = `x`", 1, 9, "typographic", "Did you mean ' ?"),
    ('event "x"', 1, 7, "operator is missing", "Did you mean `=`?"),
    ("event 1", 1, 7, "operator is missing", "Did you mean `=`?"),
    # brackets and ends
    ("(a", 1, 1, "( is not closed", "Close it"),
    ("a and (b or\n(c)", 1, 7, "( is not closed", "Close it"),
    ("a)", 1, 2, ") closes nothing", "Remove it or open ("),
    (")", 1, 1, ") closes nothing", "Remove it or open ("),
    ("a]", 1, 2, "] closes nothing", "Remove it or open ["),
    ("(a]", 1, 3, "] closes what ( opened", "Write )"),
    ("a in [1)", 1, 8, ") closes what [ opened", "Write ]"),
    ("a in [1", 1, 6, "[ is not closed", "Close it"),
    ("a in [1, 2,]", 1, 11, "comma stands before the end", "Remove the comma"),
    ("a in [1 2]", 1, 9, "comma is missing", "Put one"),
    ("a in [[1]]", 1, 7, "cannot stand in a list", "Lists hold"),
    ("a in [lowercase(b)]", 1, 16, "comma is missing before (", ""),
    ("contains(a, )", 1, 11, "comma stands before the end", "Remove the comma"),
    ("contains(a b)", 1, 12, "b follows", ""),
    ("length()", 1, 8, "parentheses are empty", ""),
    ("()", 1, 2, "parentheses are empty", ""),
    ("a.b(c)", 1, 1, "a.b is a field, not a function", "Remove the parentheses"),
    ("a and", 1, 6, "ends behind `and`", "Give what follows"),
    ("a =", 1, 4, "ends behind `=`", "Give what follows"),
    ("!", 1, 2, "ends behind `!`", "Give what follows"),
    ("and a", 1, 1, "`and` stands where a value", r"\and"),
    ("a = or b", 1, 5, "`or` stands where a value", r"\or"),
    ("1 (b)", 1, 3, "parenthesis follows", "`and` or `or`"),
    ("a ! b", 1, 3, "`!` stands before", "Did you mean `!=`?"),
    ("'a' 'b'", 1, 5, "'b' follows a complete", "`and` or `or`"),
    # characters
    ("a..b", 1, 2, "a dot joins two keys", "Give the key"),
    ("a.", 1, 2, "a dot joins two keys", "Give the key"),
    (".a", 1, 1, "a dot joins two keys", "Give the key"),
    ("a .b", 1, 3, "a dot", ""),
    ("properties.größe = 1", 1, 14, "ö has no meaning", r"\ö"),
    ("properties.é = 1", 1, 12, "é has no meaning", r"\é"),
    ("properties.$x = 1", 1, 12, "$ has no meaning", r"\$"),
    ("a = $x", 1, 5, "$ has no meaning", r"\$"),
    ("a = 1.", 1, 5, "neither a number nor a field", "like 12"),
    ("a = .5", 1, 5, "a dot", "digits on both sides"),
    ("a = 1e5", 1, 5, "neither a number nor a field", "like 12"),
    ("a = 0x1F", 1, 5, "neither a number nor a field", "like 12"),
    ("2fa = true", 1, 1, "neither a number nor a field", "backslash"),
    ("a = - 1", 1, 5, "neither a number nor a field", "like 12"),
    ("a = 1 # why", 1, 7, "# has no meaning", ""),
    ("a\\", 1, 2, "backslash escapes nothing", "Remove it"),
    ("a\u00a0= 1", 1, 2, "U+00A0", "Remove it"),
    ("a = \u200b1", 1, 5, "U+200B", "Remove it"),
    ("a = \x00", 1, 5, "U+0000", "Remove it"),
    ("a = " + "9" * 401, 1, 5, "no such number", "at most 400 digits"),
]


@pytest.mark.parametrize(("text", "line", "column", "message", "mend"), MISTAKES)
def test_mistakes(text: str, line: int, column: int, message: str, mend: str) -> None:
    with pytest.raises(fql.FQLSyntaxError) as caught:
        fql.parse(text)
    problem = caught.value
    assert message in problem.message
    assert mend in problem.mend
    assert (problem.line, problem.column) == (line, column)
    assert f"line {line}, column {column}: {problem.message}" in str(problem)
    [told] = fql.check(text)
    assert (told.severity, told.line, told.column) == ("error", line, column)
    assert (told.message, told.mend) == (problem.message, problem.mend)


def test_what_is_lenient() -> None:
    text = 'type == "track" AND (a IN [1] OR b) && c || d'
    tree = fql.parse(text, lenient=True)
    assert fql.format(tree) == '(type = "track" and (a in [1] or b) and c) or d'
    found = fql.check(text, lenient=True)
    assert {one.severity for one in found} == {"warning"}
    assert [one.column for one in found if one.code == "operator"] == [6, 17, 24, 31, 37, 42]
    with pytest.raises(fql.FQLSyntaxError):
        fql.parse(text)
    # Inside quotes nothing is taken for anything.
    assert fql.parse('a = "AND =="', lenient=True) == fql.parse('a = "AND =="')


def test_errors_survive_a_pool() -> None:
    with pytest.raises(fql.FQLSyntaxError) as caught:
        fql.parse("a = 1\nand")
    copied = pickle.loads(pickle.dumps(caught.value))
    assert (copied.line, copied.column, str(copied)) == (2, 4, str(caught.value))
