"""Texts that organisations sign, in the order of signature."""
