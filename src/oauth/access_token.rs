//! What the access token says about itself.
