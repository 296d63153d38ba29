"""Tests that walk every address and every operation: who sees what, what a page asks for, which language it speaks."""
