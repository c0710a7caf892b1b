import re

import pytest

from qa_audit.retention.number_pieces import chains, pieces_of


@pytest.mark.parametrize(
    ("texts", "longest"),
    [
        (["一三", "嗯", "八零", "对", "零零"], 3),
        (["我电话一五", "一五", "好，八零，记下了", "嗯"], 3),
        (["一", "嗯", "三", "嗯", "八"], 3),
        (["先按一", "嗯", "再按二", "好", "然后按三"], 0),
        (["又扣了二五", "嗯", "还扣了三五"], 0),
        (["从五九九九降到四九九九", "二零一九年到二零二六年", "扣了一九八零"], 0),
        (["一三", "您等一下我先找一支笔再来记这个号", "八零"], 1),
        (["一三", "嗯", "嗯", "嗯", "八零"], 1),
        (["一三八在这里说", "我没听清您说的", "再说零零一三吧"], 2),
    ],
)
def test_pieces_of_a_number_follow_each_other(texts, longest):
    runs = [[one.span() for one in re.finditer("[零一二三四五六七八九]+", text)] for text in texts]
    assert max(map(len, chains(texts, pieces_of(texts, runs))), default=0) == longest
