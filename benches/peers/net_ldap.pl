#!/usr/bin/perl
# net_ldap.pl IN OUT : the address of each user out of mail, as change records, with Net::LDAP::LDIF.
use strict;
use warnings;
use Net::LDAP::Entry;
use Net::LDAP::LDIF;

my ($source, $target) = @ARGV;
my $in = Net::LDAP::LDIF->new($source, 'r', onerror => 'die');
my $out = Net::LDAP::LDIF->new($target, 'w', change => 1, onerror => 'die');
while (not $in->eof()) {
    my $entry = $in->read_entry() or next;
    my $mail = $entry->get_value('mail');
    next unless defined $mail and grep { $_ eq 'user' } $entry->get_value('objectClass');
    my $change = Net::LDAP::Entry->new($entry->dn());
    $change->changetype('modify');
    $change->add('msRTCSIP-UserEnabled' => 'TRUE', 'msRTCSIP-PrimaryUserAddress' => "sip:$mail");
    $out->write_entry($change);
}
$out->done();
