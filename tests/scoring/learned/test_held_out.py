"""Files of scores of sentences held out."""

import numpy as np

from qa_audit.scoring.learned.held_out import held_out_bytes


def test_held_out_scores_lie_in_order_of_their_names(tmp_path):
    content = held_out_bytes(np.array([7, 3, 5], np.uint64), np.array([1.0, 2.0, 3.0]))
    file = tmp_path / "held_out.npz"
    file.write_bytes(content)
    with np.load(file) as stored:
        assert stored["names"].tolist() == [3, 5, 7]
        assert stored["scores"].tolist() == [2.0, 3.0, 1.0]
