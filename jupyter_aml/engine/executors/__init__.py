"""Where attempts run: one module per kind of place, all under the contract of `base`."""
