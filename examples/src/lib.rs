//! Shared parts of the example binaries.
