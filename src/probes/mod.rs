//! Questions put to NetSuite, and what the answers mean. Verdicts are made elsewhere.
