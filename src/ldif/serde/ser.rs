//! Serialization into a record: a struct or a map is an entry, each of its fields an attribute.

use serde::ser::{Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple};
use serde::ser::{SerializeTupleStruct, Serializer};

use super::SerdeError;
use super::de::DN;
use crate::record::{Attribute, Content, Record};

/// The result of serializing a value.
enum Made {
    Values(Vec<Vec<u8>>),
    Entry(FieldWriter),
}

/// Converts a value to an entry.
pub(super) fn record(value: &impl Serialize) -> Result<Record, SerdeError> {
    match value.serialize(Maker)? {
        Made::Entry(fields) => fields.record(),
        Made::Values(_) => Err(SerdeError::new("a value that is neither a struct nor a map")),
    }
}

/// Converts a field to values.
fn values(value: &(impl Serialize + ?Sized)) -> Result<Vec<Vec<u8>>, SerdeError> {
    match value.serialize(Maker)? {
        Made::Values(values) => Ok(values),
        Made::Entry(_) => Err(SerdeError::new("a struct or a map in a field")),
    }
}

/// Converts a single value to text.
fn text(value: &(impl Serialize + ?Sized)) -> Result<String, SerdeError> {
    let mut values = values(value)?;
    let text = values.pop().filter(|_| values.is_empty()).and_then(|text| String::from_utf8(text).ok());
    text.ok_or_else(|| SerdeError::new("not one text"))
}

/// Serializes a value to an entry, or to the values of an attribute.
struct Maker;

/// The values of a sequence so far.
struct Sequence(Vec<Vec<u8>>);

/// The attributes of an entry so far.
#[derive(Default)]
struct FieldWriter {
    dn: Option<String>,
    attributes: Vec<Attribute>,
    /// The key of a map whose value follows.
    key: String,
}

impl FieldWriter {
    /// Adds a field: the DN, or an attribute unless it has no values.
    fn push(&mut self, name: &str, value: &(impl Serialize + ?Sized)) -> Result<(), SerdeError> {
        if name.eq_ignore_ascii_case(DN) {
            self.dn = Some(text(value).map_err(|error| error.of(name))?);
            return Ok(());
        }
        let values = values(value).map_err(|error| error.of(name))?;
        if !values.is_empty() {
            self.attributes.push(Attribute::new(name, values));
        }
        Ok(())
    }

    fn record(self) -> Result<Record, SerdeError> {
        let dn = self.dn.ok_or_else(|| SerdeError::new("the field is missing").of(DN))?;
        Ok(Record::new(dn, Content::Entry(self.attributes)))
    }
}

/// Serializes these types as displayed, which is in decimal digits for numbers.
macro_rules! shown {
    ($($method:ident $of:ty,)*) => {
        $(fn $method(self, value: $of) -> Result<Made, SerdeError> {
            self.serialize_bytes(value.to_string().as_bytes())
        })*
    };
}

impl Serializer for Maker {
    type Ok = Made;
    type Error = SerdeError;
    type SerializeSeq = Sequence;
    type SerializeTuple = Sequence;
    type SerializeTupleStruct = Sequence;
    type SerializeTupleVariant = Impossible<Made, SerdeError>;
    type SerializeMap = FieldWriter;
    type SerializeStruct = FieldWriter;
    type SerializeStructVariant = Impossible<Made, SerdeError>;

    shown! {
        serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_i64 i64, serialize_i128 i128, serialize_u8 u8,
        serialize_u16 u16, serialize_u32 u32, serialize_u64 u64, serialize_u128 u128, serialize_f32 f32,
        serialize_f64 f64, serialize_char char, serialize_str &str,
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<Made, SerdeError> {
        Ok(Made::Values(vec![value.to_vec()]))
    }

    fn serialize_bool(self, value: bool) -> Result<Made, SerdeError> {
        self.serialize_str(if value { "TRUE" } else { "FALSE" })
    }

    fn serialize_none(self) -> Result<Made, SerdeError> {
        Ok(Made::Values(Vec::new()))
    }

    fn serialize_unit(self) -> Result<Made, SerdeError> {
        self.serialize_none()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Made, SerdeError> {
        value.serialize(self)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Made, SerdeError> {
        self.serialize_none()
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Made, SerdeError> {
        value.serialize(self)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, name: &'static str) -> Result<Made, SerdeError> {
        self.serialize_str(name)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<Made, SerdeError> {
        Err(SerdeError::new("a variant with fields"))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, SerdeError> {
        Err(SerdeError::new("a variant with fields"))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, SerdeError> {
        Err(SerdeError::new("a variant with fields"))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Sequence, SerdeError> {
        Ok(Sequence(Vec::new()))
    }

    fn serialize_tuple(self, _: usize) -> Result<Sequence, SerdeError> {
        Ok(Sequence(Vec::new()))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Sequence, SerdeError> {
        Ok(Sequence(Vec::new()))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<FieldWriter, SerdeError> {
        Ok(FieldWriter::default())
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<FieldWriter, SerdeError> {
        Ok(FieldWriter::default())
    }
}

/// Collects the values of this kind of sequence.
macro_rules! sequence {
    ($($kind:ident $method:ident,)*) => {
        $(impl $kind for Sequence {
            type Ok = Made;
            type Error = SerdeError;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), SerdeError> {
                self.0.append(&mut values(value)?);
                Ok(())
            }

            fn end(self) -> Result<Made, SerdeError> {
                Ok(Made::Values(self.0))
            }
        })*
    };
}

sequence! {
    SerializeSeq serialize_element,
    SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field,
}

impl SerializeStruct for FieldWriter {
    type Ok = Made;
    type Error = SerdeError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), SerdeError> {
        self.push(name, value)
    }

    fn end(self) -> Result<Made, SerdeError> {
        Ok(Made::Entry(self))
    }
}

impl SerializeMap for FieldWriter {
    type Ok = Made;
    type Error = SerdeError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), SerdeError> {
        self.key = text(key)?;
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), SerdeError> {
        let name = std::mem::take(&mut self.key);
        self.push(&name, value)
    }

    fn end(self) -> Result<Made, SerdeError> {
        Ok(Made::Entry(self))
    }
}
