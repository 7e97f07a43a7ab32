# Appended to the suite's tests/support/util.tcl: test data of strings only, in place of data of every type.
proc createComplexDataset {r ops {opt {}}} {
    set tag [expr {[lsearch -exact $opt usetag] != -1 ? "{t}" : ""}]
    set useexpire [expr {[lsearch -exact $opt useexpire] != -1}]
    for {set j 0} {$j < $ops} {incr j} {
        set k [randomKey]$tag
        set k2 [randomKey]$tag
        set v [randomValue]
        if {$useexpire && rand() < 0.1} {
            {*}$r expire $k [randomInt 2]
        }

        switch [randomInt 14] {
            0 {{*}$r set $k [expr {[randomInt 1000000]}]; {*}$r incrby $k [randomInt 1000]}
            1 {{*}$r append $k $v}
            2 {{*}$r setrange $k [randomInt 300] $v}
            3 {{*}$r setbit $k [randomInt 2000] 1}
            4 {{*}$r del $k}
            5 {{*}$r mset $k $v $k2 $v}
            6 {{*}$r getset $k $v}
            7 {if {$k ne $k2} {{*}$r copy $k $k2 replace}}
            8 {if {[{*}$r exists $k]} {{*}$r rename $k $k2}}
            9 {{*}$r getdel $k}
            10 {{*}$r set $k2 $v; {*}$r bitop xor $k $k2 $k2}
            default {{*}$r set $k $v}
        }
    }
}
