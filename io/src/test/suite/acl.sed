# Applied to the suite's units about users: the words of Redis 7.2. It names the user and not "this user", a key and not "one
# of the keys", shows sanitize-payload, and keeps the rules of commands as they were given.
s/\*NOPERM\*keys\*/*NOPERM*key*/g
s/\*NOPERM\*channels\*/*NOPERM*channel*/g
s/"This user has no permissions to \(.*\)" *\[r ACL DRYRUN \([^ ]*\) /"User \2 has no permissions to \1" [r ACL DRYRUN \2 /
s/{user hpuser on nopass \([r&]\)/{user hpuser on nopass sanitize-payload \1/
/engulfed to +@all/,/assert_equal/s/assert_equal {+@all}/assert_equal {+@all +client|id}/
