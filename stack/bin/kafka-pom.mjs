const LOG4J_VERSION = '2.25.4';

/** The broker's own artifacts name no logging back end, and it dies without one; Kafka is written for SLF4J 1.7. */
export function kafkaPom(kafkaVersion) {
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>course-reviews</groupId><artifactId>kafka</artifactId><version>1</version>
  <dependencyManagement><dependencies>
    ${dependency('org.slf4j', 'slf4j-api', '1.7.36')}
  </dependencies></dependencyManagement>
  <dependencies>
    ${dependency('org.apache.kafka', 'kafka_2.13', kafkaVersion)}
    ${dependency('org.apache.logging.log4j', 'log4j-api', LOG4J_VERSION)}
    ${dependency('org.apache.logging.log4j', 'log4j-core', LOG4J_VERSION)}
    ${dependency('org.apache.logging.log4j', 'log4j-slf4j-impl', LOG4J_VERSION)}
  </dependencies>
</project>
`;
}

function dependency(groupId, artifactId, version) {
  return `<dependency><groupId>${groupId}</groupId><artifactId>${artifactId}</artifactId><version>${version}</version></dependency>`;
}
