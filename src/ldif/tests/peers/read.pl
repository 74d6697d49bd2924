# Reads LDIF files with Net::LDAP::LDIF and prints what it finds: one block a file, values in hexadecimal.
use strict;
use warnings;
use Net::LDAP::LDIF;

sub hexed {
    my $value = shift;
    utf8::encode($value) if utf8::is_utf8($value);
    return unpack 'H*', $value;
}

sub values_of {
    my ($name, $values) = @_;
    return map { lc($name) . ' ' . hexed($_) } ref $values ? @$values : $values;
}

for my $path (@ARGV) {
    print "file\n";
    my @out = eval {
        my @out;
        local $SIG{__WARN__} = sub { die @_ };
        my $ldif = Net::LDAP::LDIF->new($path, 'r', onerror => 'die', raw => qr/./);
        while (!$ldif->eof) {
            my $entry = $ldif->read_entry or next;
            my $type = $entry->changetype;
            $type = 'rename' if $type eq 'moddn' || $type eq 'modrdn';
            push @out, ($type eq 'add' ? 'entry' : $type) . ' ' . hexed($entry->dn);
            if ($type eq 'add') {
                push @out, values_of($_, scalar $entry->get_value($_, asref => 1)) for $entry->attributes;
                next;
            }
            if ($type eq 'rename') {
                push @out, values_of($_, $entry->get_value($_, asref => 1) // []) for qw(newrdn deleteoldrdn newsuperior);
                next;
            }
            my @changes = $entry->changes;
            while (my ($operation, $attributes) = splice @changes, 0, 2) {
                my @attributes = @$attributes;
                while (my ($name, $values) = splice @attributes, 0, 2) {
                    push @out, "$operation " . lc $name if $type eq 'modify';
                    push @out, values_of($name, $values) if $type ne 'delete';
                }
            }
        }
        @out;
    };
    print $@ ? "error\n" : map { "$_\n" } @out;
}
