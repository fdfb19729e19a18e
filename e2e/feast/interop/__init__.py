"""Real Feast and this project's feature server, over one local-aws, asked the same."""
