package org.millrace.engine.memory;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a test class whose state lives as long as the class: a Lincheck test, which is not told when the last run is over.
 * {@link MemoryLedger} does not expect it to give everything back.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface KeepsMemory
{
}
