"""How a picture is cut."""

import pytest
import torch

from engine.errors import InvalidInput
from engine.tiles import cut


@pytest.mark.parametrize(("height", "width"), [(64, 64), (200, 131), (17, 500), (1, 1)])
def test_every_feature_belongs_to_exactly_one_tile(height: int, width: int) -> None:
    for layer, cell in (("relu1_1", 1), ("relu3_1", 4), ("relu5_1", 16)):
        owners = torch.zeros(-(-height // cell), -(-width // cell))
        for tile in cut(height, width, 64, "relu5_1"):
            tile.of_whole(owners, layer).add_(1)
        assert owners.eq(1).all()


def test_a_picture_that_is_not_cut_is_one_tile() -> None:
    (tile,) = cut(100, 70, None, "relu5_1")
    assert tile.core == tile.seen
    assert (tile.core.bottom, tile.core.right) == (100, 70)


def test_the_halo_ends_at_the_borders_and_is_aligned() -> None:
    for tile in cut(500, 300, 128, "relu5_1"):
        assert tile.seen.top == max(0, tile.core.top - 80)
        assert tile.seen.right == min(300, tile.core.right + 80)
        assert tile.seen.top % 16 == tile.seen.left % 16 == 0


@pytest.mark.parametrize("edge", [0, 16, 63, 100, -64])
def test_an_edge_that_pooling_would_straddle_is_refused(edge: int) -> None:
    with pytest.raises(InvalidInput, match="multiple of 16"):
        cut(500, 300, edge, "relu5_1")
