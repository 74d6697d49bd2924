//! Deserialization of a record: an entry is a map, an attribute a sequence or its only value.

use std::iter::Peekable;
use std::slice::Iter;

use serde::de::value::{BorrowedStrDeserializer, SeqDeserializer, StrDeserializer};
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, VariantAccess, Visitor,
};

use super::SerdeError;
use crate::record::{Attribute, Content, Record};

/// The name of the field that holds the DN.
pub(super) const DN: &str = "dn";

/// A record that is deserialized as a struct or a map.
pub(super) struct EntryAccess<'de>(pub(super) &'de Record);

impl<'de> EntryAccess<'de> {
    fn visit<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, SerdeError> {
        match self.0.content {
            Content::Entry(_) | Content::Add(_) => {}
            _ => return Err(SerdeError::new("a change that adds no entry")),
        }
        visitor.visit_map(FieldAccess {
            fields,
            dn: Some(&self.0.dn),
            attributes: self.0.attributes().iter().peekable(),
        })
    }
}

impl<'de> Deserializer<'de> for EntryAccess<'de> {
    type Error = SerdeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, SerdeError> {
        self.visit(&[], visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, SerdeError> {
        self.visit(fields, visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, SerdeError> {
        visitor.visit_newtype_struct(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// The DN and the attributes of an entry, each under the name of its field.
struct FieldAccess<'de> {
    fields: &'static [&'static str],
    dn: Option<&'de str>,
    attributes: Peekable<Iter<'de, Attribute>>,
}

impl<'de> MapAccess<'de> for FieldAccess<'de> {
    type Error = SerdeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, SerdeError> {
        let name = match (self.dn, self.attributes.peek()) {
            (Some(_), _) => DN,
            (None, Some(attribute)) => {
                let field = self.fields.iter().find(|field| field.eq_ignore_ascii_case(&attribute.name));
                field.copied().unwrap_or(&attribute.name)
            }
            (None, None) => return Ok(None),
        };
        seed.deserialize(BorrowedStrDeserializer::new(name)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, SerdeError> {
        if let Some(dn) = self.dn.take() {
            return seed.deserialize(OneValue(dn.as_bytes())).map_err(|error| error.of(DN));
        }
        let Some(attribute) = self.attributes.next() else {
            return Err(SerdeError::new("a value without a key"));
        };
        seed.deserialize(ValueAccess(attribute)).map_err(|error| error.of(&attribute.name))
    }
}

/// The values of an attribute.
struct ValueAccess<'de>(&'de Attribute);

impl<'de> ValueAccess<'de> {
    /// Returns the only value.
    fn one(&self) -> Result<OneValue<'de>, SerdeError> {
        match &self.0.values[..] {
            [value] => Ok(OneValue(value)),
            values => Err(SerdeError::new(format_args!("{} values, expected one", values.len()))),
        }
    }

    /// Passes all values as a sequence.
    fn all<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, SerdeError> {
        visitor.visit_seq(SeqDeserializer::new(self.0.values.iter().map(|value| OneValue(value))))
    }
}

/// Forwards these methods to the only value of an attribute.
macro_rules! one_value {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, SerdeError> {
            self.one()?.$method(visitor)
        })*
    };
}

impl<'de> Deserializer<'de> for ValueAccess<'de> {
    type Error = SerdeError;

    one_value! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128 deserialize_u8
        deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128 deserialize_f32 deserialize_f64 deserialize_char
        deserialize_str deserialize_string deserialize_bytes deserialize_byte_buf deserialize_identifier
    }

    /// A single value is itself, several are a sequence.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, SerdeError> {
        match self.one() {
            Ok(value) => value.deserialize_any(visitor),
            Err(_) => self.all(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, SerdeError> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, SerdeError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, SerdeError> {
        self.all(visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value, SerdeError> {
        self.all(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _len: usize,
        visitor: V,
    ) -> Result<V::Value, SerdeError> {
        self.all(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, SerdeError> {
        self.one()?.deserialize_enum(name, variants, visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, SerdeError> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! { unit unit_struct map struct }
}

/// A single value.
#[derive(Clone, Copy)]
struct OneValue<'de>(&'de [u8]);

impl<'de> OneValue<'de> {
    fn text(self) -> Result<&'de str, SerdeError> {
        std::str::from_utf8(self.0).map_err(|_| SerdeError::new("a value that is not UTF-8"))
    }
}

impl<'de> IntoDeserializer<'de, SerdeError> for OneValue<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// Parses a value as these numbers.
macro_rules! number {
    ($($method:ident $visit:ident $of:ty,)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, SerdeError> {
            let text = self.text()?;
            let number = text.parse::<$of>();
            visitor.$visit(number.map_err(|_| SerdeError::new(format_args!("`{}` is no {}", text.escape_debug(), stringify!($of))))?)
        })*
    };
}

impl<'de> Deserializer<'de> for OneValue<'de> {
    type Error = SerdeError;

    number! {
        deserialize_i8 visit_i8 i8, deserialize_i16 visit_i16 i16, deserialize_i32 visit_i32 i32,
        deserialize_i64 visit_i64 i64, deserialize_i128 visit_i128 i128, deserialize_u8 visit_u8 u8,
        deserialize_u16 visit_u16 u16, deserialize_u32 visit_u32 u32, deserialize_u64 visit_u64 u64,
        deserialize_u128 visit_u128 u128, deserialize_f32 visit_f32 f32, deserialize_f64 visit_f64 f64,
    }

    /// Text, or bytes that are not text.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, SerdeError> {
        match self.text() {
            Ok(text) => visitor.visit_borrowed_str(text),
            Err(_) => visitor.visit_borrowed_bytes(self.0),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, SerdeError> {
        match self.text()? {
            "TRUE" => visitor.visit_bool(true),
            "FALSE" => visitor.visit_bool(false),
            other => Err(SerdeError::new(format_args!("`{}`, expected TRUE or FALSE", other.escape_debug()))),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, SerdeError> {
        visitor.visit_borrowed_str(self.text()?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, SerdeError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, SerdeError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, SerdeError> {
        visitor.visit_borrowed_bytes(self.0)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, SerdeError> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, SerdeError> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, SerdeError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, SerdeError> {
        visitor.visit_seq(SeqDeserializer::new(std::iter::once(self)))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, SerdeError> {
        visitor.visit_enum(Variant(self.text()?))
    }

    serde::forward_to_deserialize_any! {
        unit unit_struct tuple tuple_struct map struct identifier ignored_any
    }
}

/// A variant without fields, selected by its name.
struct Variant<'de>(&'de str);

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = SerdeError;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), SerdeError> {
        let name: StrDeserializer<'_, SerdeError> = self.0.into_deserializer();
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'de> {
    type Error = SerdeError;

    fn unit_variant(self) -> Result<(), SerdeError> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, _seed: T) -> Result<T::Value, SerdeError> {
        Err(SerdeError::new("a variant with fields"))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _len: usize, _visitor: V) -> Result<V::Value, SerdeError> {
        Err(SerdeError::new("a variant with fields"))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, SerdeError> {
        Err(SerdeError::new("a variant with fields"))
    }
}
