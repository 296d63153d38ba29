from tests.frame.conftest import luuppi, migrated, template

__all__ = ["luuppi", "migrated", "template"]
