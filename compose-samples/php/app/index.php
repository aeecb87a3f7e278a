<?php
// Counts its visitors in MariaDB.
$database = new PDO(
    "mysql:host=" . getenv("DATABASE_HOST") . ";dbname=app", "app", "change-me",
    [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]
);
$database->exec("CREATE TABLE IF NOT EXISTS visits (id INT AUTO_INCREMENT PRIMARY KEY)");
if (isset($_GET["visit"])) {
    $database->exec("INSERT INTO visits VALUES ()");
}
header("Content-Type: text/plain");
echo $database->query("SELECT COUNT(*) FROM visits")->fetchColumn(), " visits\n";
