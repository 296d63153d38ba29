"""The few things that this package does with sparse matrices. scipy takes a third of a second to import, so it is asked for when used."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

# A scipy.sparse.csr_matrix of float32; scipy carries no types.
Counts = Any


def by_row(values: npt.ArrayLike, columns: npt.ArrayLike, starts: npt.ArrayLike, shape: tuple[int, int]) -> Counts:
    """Row i holds columns[starts[i]:starts[i + 1]]; places named twice are added up. The arrays are copied."""
    from scipy.sparse import csr_matrix

    # A copy: adding up happens in place and would rewrite what the caller gave.
    matrix = csr_matrix((np.array(values), np.array(columns), np.array(starts)), shape=shape)
    matrix.sum_duplicates()
    return matrix


def by_place(values: npt.ArrayLike, rows: npt.ArrayLike, columns: npt.ArrayLike, shape: tuple[int, int]) -> Counts:
    """A value at each row and column; places named twice are added up."""
    from scipy.sparse import csr_matrix

    return csr_matrix((values, (rows, columns)), shape=shape)


def beside(blocks: Sequence[Any]) -> Counts:
    """Matrices of the same number of rows (sparse or dense) joined side by side."""
    from scipy.sparse import csr_matrix, hstack

    return hstack([csr_matrix(block) for block in blocks], format="csr", dtype=np.float32)


def below(blocks: Sequence[Any]) -> Counts:
    """Sparse matrices of the same number of columns joined one under the other."""
    from scipy.sparse import vstack

    return vstack(blocks, format="csr", dtype=np.float32)


def scale_rows(matrix: Counts, factors: npt.NDArray[np.float32]) -> Counts:
    from scipy.sparse import diags_array

    return (diags_array(factors) @ matrix).tocsr()


def scale_columns(matrix: Counts, factors: npt.NDArray[np.float32]) -> Counts:
    from scipy.sparse import diags_array

    return (matrix @ diags_array(factors)).tocsr()
