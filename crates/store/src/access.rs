//! What a use case may hold: a snapshot to read from, or the one transaction that writes.
//!
//! The tables' own files give meaning to both; only this crate sees the connection inside.

use std::ops::Deref;

use rusqlite::{Connection, TransactionBehavior};

use crate::error::StoreError;
use crate::open::Store;

/// A consistent snapshot of the store.
#[derive(Clone, Copy)]
pub struct Read<'a> {
    pub(crate) connection: &'a Connection,
}

/// The one transaction that writes. Everything done through it is kept together, or not at all.
pub struct Write<'a> {
    read: Read<'a>,
}

impl<'a> Write<'a> {
    pub(crate) const fn on(connection: &'a Connection) -> Self {
        Self {
            read: Read { connection },
        }
    }
}

impl<'a> Deref for Write<'a> {
    type Target = Read<'a>;

    fn deref(&self) -> &Read<'a> {
        &self.read
    }
}

impl Store {
    /// Reads from one snapshot.
    ///
    /// # Errors
    /// What the closure says, or that the store failed.
    pub fn read<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Read<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.with_reader(|connection| {
            let snapshot = connection
                .unchecked_transaction()
                .map_err(StoreError::from)?;
            let value = work(&Read {
                connection: &snapshot,
            })?;
            snapshot.finish().map_err(StoreError::from)?;
            Ok(value)
        })
    }

    /// Writes in one transaction, durable when this returns.
    ///
    /// # Errors
    /// What the closure says, and then nothing was written; or that the store failed.
    pub fn write<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Write<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.with_writer(|connection| {
            let transaction = connection
                .transaction_with_behavior(TransactionBehavior::Immediate)
                .map_err(StoreError::from)?;
            let value = work(&Write::on(&transaction))?;
            transaction.commit().map_err(StoreError::from)?;
            Ok(value)
        })
    }
}
