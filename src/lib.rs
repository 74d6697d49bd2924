//! userprep prepares users for Office Communications Server 2007 R2 in bulk, offline.
