//! A model of a NetSuite account behind real TLS.
