"""Other ways of reading facts, trained on the same corpus, to compare with: ``python -m gongkai.eval.baselines``."""
