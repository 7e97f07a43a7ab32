# Appended to the suite's tests/support/test.tcl: the encodings of Redis 7.2, whose short lists and sets are listpacks.
proc assert_encoding {enc key} {
    if {$::ignoreencoding} {
        return
    }
    set val [r object encoding $key]
    if {$val eq "listpack" && ($enc eq "quicklist" || $enc eq "hashtable" && [r type $key] eq "set")} {
        return
    }
    assert_match $enc $val
}
