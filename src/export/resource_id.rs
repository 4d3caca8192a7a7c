//! Under which id AWS Config names a resource that others name by ARN, and what ASFF calls its type.
//! Data, one type a line.

use std::borrow::Cow;

/// Where the id stands in the ARN.
#[derive(Clone, Copy)]
enum Id {
    /// What follows the last `/` or `:`.
    Last,
    /// What follows the first `/` or `:` behind the account, without `:*` at its end: a name that
    /// may hold both.
    Rest,
    /// Between the first `:` behind the account and the next: a version may follow.
    Second,
    /// The queue's URL, which is made of region, account and name.
    QueueUrl,
    /// The ARN itself.
    Arn,
}

/// ASFF's type, AWS Config's, and the id.
type Row = (&'static str, &'static str, Id);

const TYPES: &[Row] = &[
    ("AwsApiGatewayStage", "AWS::ApiGateway::Stage", Id::Arn),
    ("AwsApiGatewayV2Stage", "AWS::ApiGatewayV2::Stage", Id::Arn),
    (
        "AwsAutoScalingAutoScalingGroup",
        "AWS::AutoScaling::AutoScalingGroup",
        Id::Arn,
    ),
    ("AwsBackupBackupPlan", "AWS::Backup::BackupPlan", Id::Last),
    (
        "AwsBackupRecoveryPoint",
        "AWS::Backup::RecoveryPoint",
        Id::Arn,
    ),
    (
        "AwsCertificateManagerCertificate",
        "AWS::ACM::Certificate",
        Id::Arn,
    ),
    (
        "AwsCloudFrontDistribution",
        "AWS::CloudFront::Distribution",
        Id::Last,
    ),
    ("AwsCloudTrailTrail", "AWS::CloudTrail::Trail", Id::Last),
    ("AwsCloudWatchAlarm", "AWS::CloudWatch::Alarm", Id::Rest),
    ("AwsCodeBuildProject", "AWS::CodeBuild::Project", Id::Arn),
    ("AwsDynamoDbTable", "AWS::DynamoDB::Table", Id::Last),
    ("AwsEc2Instance", "AWS::EC2::Instance", Id::Last),
    (
        "AwsEc2NetworkInterface",
        "AWS::EC2::NetworkInterface",
        Id::Last,
    ),
    ("AwsEc2RouteTable", "AWS::EC2::RouteTable", Id::Last),
    ("AwsEc2SecurityGroup", "AWS::EC2::SecurityGroup", Id::Last),
    ("AwsEc2Subnet", "AWS::EC2::Subnet", Id::Last),
    ("AwsEc2Volume", "AWS::EC2::Volume", Id::Last),
    ("AwsEc2Vpc", "AWS::EC2::VPC", Id::Last),
    ("AwsEfsFileSystem", "AWS::EFS::FileSystem", Id::Last),
    (
        "AwsElasticBeanstalkEnvironment",
        "AWS::ElasticBeanstalk::Environment",
        Id::Arn,
    ),
    (
        "AwsElasticsearchDomain",
        "AWS::Elasticsearch::Domain",
        Id::Last,
    ),
    (
        "AwsElbLoadBalancer",
        "AWS::ElasticLoadBalancing::LoadBalancer",
        Id::Last,
    ),
    (
        "AwsElbv2LoadBalancer",
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        Id::Arn,
    ),
    ("AwsIamGroup", "AWS::IAM::Group", Id::Last),
    ("AwsIamPolicy", "AWS::IAM::Policy", Id::Last),
    ("AwsIamRole", "AWS::IAM::Role", Id::Last),
    ("AwsIamUser", "AWS::IAM::User", Id::Last),
    ("AwsKmsKey", "AWS::KMS::Key", Id::Last),
    ("AwsLambdaFunction", "AWS::Lambda::Function", Id::Second),
    ("AwsLogsLogGroup", "AWS::Logs::LogGroup", Id::Rest),
    (
        "AwsOpenSearchServiceDomain",
        "AWS::OpenSearch::Domain",
        Id::Last,
    ),
    ("AwsRdsDbCluster", "AWS::RDS::DBCluster", Id::Last),
    (
        "AwsRdsDbClusterSnapshot",
        "AWS::RDS::DBClusterSnapshot",
        Id::Rest,
    ),
    ("AwsRdsDbInstance", "AWS::RDS::DBInstance", Id::Last),
    ("AwsRdsDbSnapshot", "AWS::RDS::DBSnapshot", Id::Rest),
    ("AwsRedshiftCluster", "AWS::Redshift::Cluster", Id::Last),
    ("AwsS3Bucket", "AWS::S3::Bucket", Id::Last),
    (
        "AwsSageMakerNotebookInstance",
        "AWS::SageMaker::NotebookInstance",
        Id::Last,
    ),
    (
        "AwsSecretsManagerSecret",
        "AWS::SecretsManager::Secret",
        Id::Arn,
    ),
    ("AwsSnsTopic", "AWS::SNS::Topic", Id::Arn),
    ("AwsSqsQueue", "AWS::SQS::Queue", Id::QueueUrl),
    ("AwsWafv2WebAcl", "AWS::WAFv2::WebACL", Id::Arn),
];

/// Resources of EC2, with few exceptions that no rule judges, are named by what stands last.
const EC2: &str = "AWS::EC2::";

/// AWS Config's type and id of a resource that ASFF names by type and ARN; what the table does
/// not have keeps ASFF's names.
pub fn from_asff<'a>(kind: &'a str, id: &'a str) -> (Cow<'a, str>, Cow<'a, str>) {
    if let Some(account) = id.strip_prefix("AWS::::Account:") {
        return ("AWS::::Account".into(), account.into());
    }
    match TYPES.iter().find(|(asff, ..)| *asff == kind) {
        Some((_, known, form)) => ((*known).into(), cut(*form, id)),
        None => (kind.into(), id.into()),
    }
}

/// The id of a resource of this type of AWS Config whose ARN this is; the ARN itself where its
/// shape is not known, and any text that is none.
pub fn of_arn<'a>(kind: &str, arn: &'a str) -> Cow<'a, str> {
    let form = TYPES.iter().find(|(_, known, _)| *known == kind);
    match form {
        _ if !arn.starts_with("arn:") => arn.into(),
        Some((.., form)) => cut(*form, arn),
        None if kind.starts_with(EC2) => cut(Id::Last, arn),
        None => arn.into(),
    }
}

/// Whether AWS Config's own id of resources of this type is their ARN.
pub fn is_arn(kind: &str) -> bool {
    TYPES
        .iter()
        .any(|(_, known, form)| *known == kind && matches!(form, Id::Arn))
}

fn cut(form: Id, id: &str) -> Cow<'_, str> {
    let mut parts = id.splitn(6, ':').skip(3);
    let (region, account, resource) = (parts.next(), parts.next(), parts.next());
    let rest = resource.and_then(|resource| Some(resource.split_once(['/', ':'])?.1));
    let found = match form {
        Id::Last => id.rsplit([':', '/']).next(),
        Id::Rest => rest.map(|rest| rest.strip_suffix(":*").unwrap_or(rest)),
        Id::Second => rest.and_then(|rest| rest.split(':').next()),
        Id::QueueUrl => {
            let url = region
                .zip(account)
                .zip(resource)
                .map(|((region, account), name)| {
                    format!("https://sqs.{region}.amazonaws.com/{account}/{name}")
                });
            return url.map_or(id.into(), Cow::Owned);
        }
        Id::Arn => None,
    };
    found.filter(|found| !found.is_empty()).unwrap_or(id).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_of_asff_is_named_as_aws_config_names_it() {
        let group = "arn:aws:ec2:us-east-1:111122223333:security-group/sg-1";
        let named = from_asff("AwsEc2SecurityGroup", group);
        assert_eq!(named, ("AWS::EC2::SecurityGroup".into(), "sg-1".into()));
        let account = from_asff("AwsAccount", "AWS::::Account:111122223333");
        assert_eq!(account, ("AWS::::Account".into(), "111122223333".into()));
        assert_eq!(from_asff("AwsNew", "x").0, "AwsNew");
    }

    #[test]
    fn the_shape_of_an_arn_tells_the_id() {
        let named = |kind: &str, service: &str, resource: &str| {
            let arn = format!("arn:aws:{service}:us-east-1:111122223333:{resource}");
            of_arn(kind, &arn).into_owned()
        };
        for (kind, service, resource, id) in [
            ("AWS::EC2::Instance", "ec2", "instance/i-1", "i-1"),
            (
                "AWS::EC2::InternetGateway",
                "ec2",
                "internet-gateway/igw-1",
                "igw-1",
            ),
            ("AWS::KMS::Key", "kms", "key/1-2", "1-2"),
            ("AWS::RDS::DBInstance", "rds", "db:shop", "shop"),
            (
                "AWS::RDS::DBSnapshot",
                "rds",
                "snapshot:rds:shop-1",
                "rds:shop-1",
            ),
            (
                "AWS::Logs::LogGroup",
                "logs",
                "log-group:/aws/x/y:*",
                "/aws/x/y",
            ),
            ("AWS::Lambda::Function", "lambda", "function:f:7", "f"),
            ("AWS::DynamoDB::Table", "dynamodb", "table/t", "t"),
            (
                "AWS::SQS::Queue",
                "sqs",
                "q",
                "https://sqs.us-east-1.amazonaws.com/111122223333/q",
            ),
            (
                "AWS::ElasticLoadBalancing::LoadBalancer",
                "elasticloadbalancing",
                "loadbalancer/lb",
                "lb",
            ),
            (
                "AWS::SNS::Topic",
                "sns",
                "t",
                "arn:aws:sns:us-east-1:111122223333:t",
            ),
            (
                "AWS::New::Type",
                "new",
                "t/1",
                "arn:aws:new:us-east-1:111122223333:t/1",
            ),
        ] {
            assert_eq!(named(kind, service, resource), id, "{kind}");
        }
        assert_eq!(of_arn("AWS::S3::Bucket", "arn:aws:s3:::b.c"), "b.c");
        assert_eq!(of_arn("AWS::IAM::Role", "arn:aws:iam::1:role/path/r"), "r");
        assert_eq!(of_arn("AWS::EC2::Instance", "i-1"), "i-1");
    }
}
