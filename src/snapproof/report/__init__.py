"""Renderings of counterexamples and runs: words, a page, Markdown, ITF, JUnit XML."""
