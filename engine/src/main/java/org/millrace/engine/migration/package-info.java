/**
 * MIGRATE: keys go to another server and are deleted here once it has them. The writer does not wait for that server: the
 * client does, as one blocked on keys, while {@link org.millrace.engine.migration.Migration} goes on in the duty cycle over
 * a {@link org.millrace.engine.migration.TargetLink} of the writer's own reactor.
 * <p>
 * Others may change a key on its way, which Redis rules out by standing still. So each key that is sent is watched, as
 * WATCH does it, and deleted only if nothing has touched it since: whatever happens, the newest value is on this node or
 * on the other one.
 * <p>
 * Begin with {@link org.millrace.engine.migration.Migrations}. Writer thread, all of it.
 */
package org.millrace.engine.migration;
