package tollgate.walls;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

/** All classes of the product, without those of tests; read once. Immutable. */
final class Built {
  static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(
              "tollgate.config",
              "tollgate.core",
              "tollgate.transport",
              "tollgate.handlers",
              "tollgate.analytics",
              "tollgate.dist");

  private Built() {}
}
