package org.millrace.engine.base;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares how something lies in raw memory, in a file or on the wire. Stands at the class whose constants are the
 * offsets; each of those says by {@link Field} what lies there. {@code docs/LAYOUT.md} is made of these declarations,
 * and a test compares it with them: fields neither overlap nor go past the end, and no layout changes unnoticed.
 *
 * <p>Costs nothing where memory is used: the constants stay constants.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Repeatable(Layout.All.class)
public @interface Layout
{
    /** What this is, where it lies and who may change it, in a sentence or two without the full stop. */
    String value();

    /** Tells the layouts of one class apart: the name of the message, say. */
    String name() default "";

    /** Bytes from its beginning to its end; 0 if it ends with the last field or with what {@link #then} says. */
    int length() default 0;

    /** What stands behind the last field where no offset is fixed, in order. */
    String[] then() default {};

    /** On a constant that is the offset of a field in bytes. */
    @Documented
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.FIELD)
    @interface Field
    {
        /** Bytes of the field, all of its elements together; 0 if it takes all that follows. */
        int bytes();

        /** What it is, with its unit. */
        String value();

        /** Names of the layouts of this class that have the field; all of them if none is named. */
        String[] of() default {};
    }

    /** On a constant that is a mask of bits which lie side by side in a word of the layout. */
    @Documented
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.FIELD)
    @interface Bits
    {
        /** Which word, and what the bits say. */
        String value();
    }

    /** Several layouts of one class. */
    @Documented
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.TYPE)
    @interface All
    {
        Layout[] value();
    }
}
