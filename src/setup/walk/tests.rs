//! The machine without a front end.

use super::*;
use crate::netsuite::catalogue::catalogue;
use crate::report::samples;
use crate::setup::{Guide, forms};
