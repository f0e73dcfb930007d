from tests.unit.interpreter.diagrams import decision, exclusive, parallel, process, user
from tests.unit.interpreter.story import DONE


def test_the_result_of_a_decision_steers_a_gateway(play):
    flows = 's > a > dt > g; g > b; g > c if risiko = "tinggi"; b > e; c > e'
    story = play(process(user("a", "b", "c") + decision("dt", "risiko") + exclusive("g", "g__b"), flows))
    story.opens("a")
    story.do("a", skor=7).opens("c")
    story.do("c").opens(DONE)
    assert story.variables == {"skor": 7, "risiko": "tinggi"}


def test_a_parallel_join_in_a_loop_takes_one_token_of_each_branch_in_every_round(play):
    nodes = exclusive("m") + parallel("ps", "pj") + user("a", "b", "c", "q") + exclusive("g", "g__e")
    flows = "s > m > ps; ps > a > pj; ps > b > pj; ps > c > pj; pj > q > g; g > m if lagi; g > e"
    story = play(process(nodes, flows)).opens("a b c")
    story.do("b").opens("a c").do("c").opens("a").do("a").opens("q")
    story.do("q", lagi=True).opens("a b c")
    story.do("a").opens("b c").do("c").opens("b").do("b").opens("q")
    story.do("q", lagi=False).opens(DONE)
