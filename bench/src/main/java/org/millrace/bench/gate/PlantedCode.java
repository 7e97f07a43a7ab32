package org.millrace.bench.gate;

import static net.bytebuddy.matcher.ElementMatchers.named;

import java.util.function.Consumer;

import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.utility.JavaModule;

/**
 * Puts code at the start of a method of a class that is about to be loaded.
 */
final class PlantedCode
{
    private PlantedCode()
    {
    }

    /**
     * @param className  that is changed; all others are left alone.
     * @param methodName all methods of the name are changed; there must be one.
     * @param advice     whose method with {@link Advice.OnMethodEnter} is put there.
     * @param onFailure  is told why the class could not be changed.
     */
    static AgentBuilder at(
        final String className,
        final String methodName,
        final Class<?> advice,
        final Consumer<Throwable> onFailure)
    {
        return new AgentBuilder.Default().disableClassFormatChanges()
            .with(new Failures(className, onFailure))
            .type(named(className))
            .transform((builder, type, loader, module, domain) -> changed(builder, type, methodName, advice));
    }

    private static DynamicType.Builder<?> changed(
        final DynamicType.Builder<?> builder,
        final TypeDescription type,
        final String methodName,
        final Class<?> advice)
    {
        if (type.getDeclaredMethods().filter(named(methodName)).isEmpty())
        {
            throw new IllegalArgumentException("no method " + methodName);
        }

        return builder.visit(Advice.to(advice).on(named(methodName)));
    }

    /** Passes on what has gone wrong with the one class. */
    static final class Failures extends AgentBuilder.Listener.Adapter
    {
        private final String className;
        private final Consumer<Throwable> onFailure;

        Failures(final String className, final Consumer<Throwable> onFailure)
        {
            this.className = className;
            this.onFailure = onFailure;
        }

        @Override
        public void onError(
            final String typeName,
            final ClassLoader loader,
            final JavaModule module,
            final boolean isLoaded,
            final Throwable failure)
        {
            if (className.equals(typeName))
            {
                onFailure.accept(failure);
            }
        }
    }
}
