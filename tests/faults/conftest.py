from tests.frame.conftest import luuppi, template

__all__ = ["luuppi", "template"]
