"""gongkai: Chinese government information disclosure annual reports, one structured record each."""
