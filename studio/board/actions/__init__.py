"""What can be done on a board, verb by verb. A page, the worker and a command call the same ones."""

from studio.board.actions.takes import add_take, pick_take

__all__ = ["add_take", "pick_take"]
